/** What is drawn of a plot, and what its table says. */
export interface Line {
  label: string;
  /** Seconds since 1970, and the value; in order. */
  points: [number, number][];
}

export interface Mark {
  /** Seconds since 1970. */
  at: number;
  words: string;
}

/** More cannot be told apart, and have no room for their labels. */
export const LINES_MAX = 4;

/** The lines over one time: a value that a line does not have is null. */
export function aligned(lines: Line[]): [number[], ...(number | null)[][]] {
  const times = [...new Set(lines.flatMap((line) => line.points.map(([at]) => at)))].sort((a, b) => a - b);
  const values = lines.map((line) => {
    const known = new Map(line.points);
    return times.map((at) => known.get(at) ?? null);
  });
  return [times, ...values];
}

/** The rows of the table, newest first: at most so many, spread evenly over the time. */
export function rows(lines: Line[], most: number): { at: number; values: (number | null)[] }[] {
  const [times, ...values] = aligned(lines);
  const step = Math.max(1, Math.ceil(times.length / most));
  const chosen: { at: number; values: (number | null)[] }[] = [];
  for (let index = times.length - 1; index >= 0; index -= step) {
    chosen.push({ at: times[index] ?? 0, values: values.map((line) => line[index] ?? null) });
  }
  return chosen;
}

/**
 * Where the labels at the lines' ends are written, so that none covers another: as near as can be to the
 * ends.
 */
export function spread(ends: number[], least: number, bottom: number): number[] {
  const order = ends.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  for (let at = 1; at < order.length; at++) {
    const before = order[at - 1];
    const here = order[at];
    if (before && here && here.y - before.y < least) here.y = before.y + least;
  }
  const lowest = order.at(-1);
  const beyond = lowest ? Math.max(0, lowest.y - bottom) : 0;
  const placed = new Array<number>(ends.length).fill(0);
  for (const { y, index } of order) placed[index] = y - beyond;
  return placed;
}

/** The greatest value there is; at least 1, so that a plot of nothing has an axis. */
export function top(lines: Line[]): number {
  return Math.max(1, ...lines.flatMap((line) => line.points.map(([, value]) => value)));
}
