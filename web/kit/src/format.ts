/** Times and sizes as the reader's language writes them. */
const DAY_MILLIS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/** For a row: the hour today, the weekday this week, the day this year, else day and year. */
export function shortTime(locale: string, date: Date, now: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const time = date.getTime();
  if (time >= midnight && time < midnight + DAY_MILLIS) {
    return format(locale, { hour: '2-digit', minute: '2-digit' }).format(date);
  }
  if (time < midnight && time >= midnight - 6 * DAY_MILLIS) {
    return format(locale, { weekday: 'short' }).format(date);
  }
  if (date.getFullYear() === now.getFullYear()) {
    return format(locale, { day: 'numeric', month: 'short' }).format(date);
  }
  return format(locale, { day: '2-digit', month: '2-digit', year: '2-digit' }).format(date);
}

/** For the message: all of it. */
export function longTime(locale: string, date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  return format(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(date);
}

/** Decimal units, as the reader's files show them: "820 kB", "1,4 MB". */
export function size(locale: string, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = bytes;
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[at] ?? 'byte',
    unitDisplay: at === 0 ? 'narrow' : 'short',
    maximumFractionDigits: value < 10 && at > 0 ? 1 : 0,
  }).format(value);
}

export function count(locale: string, number: number): string {
  return new Intl.NumberFormat(locale).format(number);
}
