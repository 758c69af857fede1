/** A table as a file: RFC 4180. What a spreadsheet would compute gets an apostrophe before it. */
export function csv(columns: readonly string[], rows: (string | number | boolean | null)[][]): string {
  return [[...columns], ...rows].map((row) => `${row.map((cell) => field(cell)).join(',')}\r\n`).join('');
}

function field(cell: string | number | boolean | null): string {
  const text = String(cell ?? '');
  const harmless = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
