/**
 * A long list of which only some stretches are known: index → id.
 * Stretches are kept sorted, never touch or overlap, and hold each id once. All costs are linear in what
 * is known, not in the length of the list, so a million rows cost what the loaded hundreds cost.
 */
interface Segment {
  start: number;
  ids: string[];
}

export class Segments {
  #segments: Segment[] = [];

  at(index: number): string | undefined {
    const segment = this.#segments.find((s) => index >= s.start && index < s.start + s.ids.length);
    return segment?.ids[index - segment.start];
  }

  /** -1 when the id is not among the known. */
  indexOf(id: string): number {
    for (const segment of this.#segments) {
      const at = segment.ids.indexOf(id);
      if (at >= 0) return segment.start + at;
    }
    return -1;
  }

  /** How many ids are known without a gap from the very first. */
  get prefix(): number {
    const first = this.#segments[0];
    return first?.start === 0 ? first.ids.length : 0;
  }

  /** True when everything known is one stretch from the first row. */
  get onlyPrefix(): boolean {
    return this.#segments.length === 0 || (this.#segments.length === 1 && this.#segments[0]?.start === 0);
  }

  /** The gaps inside `[from, until)`, as half-open stretches. */
  missing(from: number, until: number): { from: number; until: number }[] {
    const gaps: { from: number; until: number }[] = [];
    let next = from;
    for (const { start, ids } of this.#segments) {
      const end = start + ids.length;
      if (end <= next) continue;
      if (start >= until) break;
      if (start > next) gaps.push({ from: next, until: start });
      next = Math.max(next, end);
    }
    if (next < until) gaps.push({ from: next, until });
    return gaps;
  }

  /** Writes a stretch over whatever was known there. */
  put(start: number, ids: readonly string[]): void {
    if (ids.length === 0) return;
    const fresh = new Set(ids);
    const end = start + ids.length;
    const kept: Segment[] = [];
    for (const segment of this.#segments) {
      const segmentEnd = segment.start + segment.ids.length;
      kept.push({ start: segment.start, ids: segment.ids.slice(0, Math.max(0, start - segment.start)) });
      const after = Math.max(end, segment.start);
      kept.push({ start: after, ids: segmentEnd > after ? segment.ids.slice(after - segment.start) : [] });
    }
    // An id that is now elsewhere was moved by a change we have not heard of: its old place is unknown.
    const split = kept.flatMap((segment) => without(segment, fresh));
    this.#segments = join([...split, { start, ids: [...ids] }]);
  }

  /** Takes an id out; all after it move up. True when it was known. */
  remove(id: string): boolean {
    const index = this.indexOf(id);
    if (index < 0) return false;
    this.#segments = join(
      this.#segments.map(({ start, ids }) => ({
        start: start > index ? start - 1 : start,
        ids: ids.includes(id) ? ids.filter((other) => other !== id) : ids,
      })),
    );
    return true;
  }

  /** Puts an id at `index`; all from there on move down. */
  insert(index: number, id: string): void {
    this.remove(id);
    const moved: Segment[] = [];
    for (const { start, ids } of this.#segments) {
      const cut = Math.min(Math.max(index - start, 0), ids.length);
      moved.push({ start, ids: ids.slice(0, cut) });
      moved.push({ start: Math.max(start, index) + 1, ids: ids.slice(cut) });
    }
    this.#segments = join([...moved, { start: index, ids: [id] }]);
  }

  /** Forgets all outside `[from, until)`. */
  keepOnly(from: number, until: number): void {
    this.#segments = join(
      this.#segments.map(({ start, ids }) => ({
        start: Math.max(start, from),
        ids: ids.slice(Math.max(0, from - start), Math.max(0, until - start)),
      })),
    );
  }

  clear(): void {
    this.#segments = [];
  }

  /** How many ids are known. */
  get known(): number {
    return this.#segments.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  ids(): string[] {
    return this.#segments.flatMap(({ ids }) => ids);
  }
}

/** The stretches of a segment that hold none of `ids`. */
function without(segment: Segment, ids: ReadonlySet<string>): Segment[] {
  const parts: Segment[] = [];
  let part: Segment = { start: segment.start, ids: [] };
  segment.ids.forEach((id, offset) => {
    if (ids.has(id)) {
      parts.push(part);
      part = { start: segment.start + offset + 1, ids: [] };
    } else {
      part.ids.push(id);
    }
  });
  return [...parts, part];
}

function join(segments: Segment[]): Segment[] {
  const sorted = segments.filter(({ ids }) => ids.length > 0).sort((a, b) => a.start - b.start);
  const joined: Segment[] = [];
  for (const segment of sorted) {
    const last = joined.at(-1);
    if (last && last.start + last.ids.length === segment.start) last.ids = last.ids.concat(segment.ids);
    else joined.push({ ...segment });
  }
  return joined;
}
