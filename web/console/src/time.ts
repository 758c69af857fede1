/** Times and spans as an operator reads them. */
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/** Day and hour, in the reader's zone: the year where it is not this one. */
export function moment(locale: string, iso: string, now = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return format(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...year,
  }).format(date);
}

/** With seconds, for records. */
export function exactly(locale: string, iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return format(locale, {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(date);
}

export function day(locale: string, iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return format(locale, { day: 'numeric', month: 'long', year: 'numeric' }).format(date);
}

export const hour = (locale: string, iso: string): string =>
  format(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));

export const ago = (iso: string, now = new Date()): number => (now.getTime() - Date.parse(iso)) / 1000;

/** The two largest parts that say something: "3 d 4 h", "12 min", "40 s". */
export function span(seconds: number, units: { d: string; h: string; min: string; s: string }): string {
  const all = Math.max(0, Math.round(seconds));
  if (all < MINUTE) return `${all} ${units.s}`;
  if (all < HOUR) return `${Math.floor(all / MINUTE)} ${units.min}`;
  const [large, size, small, part] =
    all < DAY ? [units.h, HOUR, units.min, MINUTE] : [units.d, DAY, units.h, HOUR];
  const rest = Math.floor((all % size) / part);
  return `${Math.floor(all / size)} ${large}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}

/** What a field for day and hour holds, with the offset that the reader's zone has then. */
export function withOffset(local: string): string {
  const date = new Date(local);
  if (local === '' || Number.isNaN(date.getTime())) return '';
  const minutes = -date.getTimezoneOffset();
  const two = (number: number) => String(Math.floor(Math.abs(number))).padStart(2, '0');
  const sign = minutes < 0 ? '-' : '+';
  const whole = local.length === 16 ? `${local}:00` : local;
  return `${whole}${sign}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** How a deadline stands: late, due in three days, or later. */
export type Due = 'late' | 'soon' | 'later';

export const SOON_DAYS = 3;

export function due(deadline: string, now: Date): Due {
  const left = Date.parse(deadline) - now.getTime();
  if (left < 0) return 'late';
  return left <= SOON_DAYS * DAY * 1000 ? 'soon' : 'later';
}

export const nowText = (): string => new Date().toISOString();
