/**
 * What came from the server, read member by member. A member that must be there and is not, or is of another
 * kind, makes the whole answer nonsense; members nobody asks for are let be, so that a newer server may say
 * more.
 */
export class Odd extends Error {
  constructor(readonly where: string) {
    super(`odd: ${where}`);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export class Facts {
  private constructor(
    private readonly members: Record<string, unknown>,
    private readonly where: string,
  ) {}

  static of(value: unknown, where = 'answer'): Facts {
    if (!isObject(value)) throw new Odd(where);
    return new Facts(value, where);
  }

  #odd(name: string): never {
    throw new Odd(`${this.where}.${name}`);
  }

  text(name: string): string {
    const value = this.members[name];
    return typeof value === 'string' ? value : this.#odd(name);
  }

  /** Null where it is absent, null or empty. */
  maybeText(name: string): string | null {
    const value = this.members[name];
    if (value === undefined || value === null || value === '') return null;
    return typeof value === 'string' ? value : this.#odd(name);
  }

  number(name: string): number {
    const value = this.members[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : this.#odd(name);
  }

  maybeNumber(name: string): number | null {
    const value = this.members[name];
    return value === undefined || value === null ? null : this.number(name);
  }

  /** A number that is 0 where nobody counted. */
  count(name: string): number {
    return this.maybeNumber(name) ?? 0;
  }

  /** False where it is absent. */
  flag(name: string): boolean {
    const value = this.members[name];
    if (value === undefined || value === null) return false;
    return typeof value === 'boolean' ? value : this.#odd(name);
  }

  facts(name: string): Facts {
    return Facts.of(this.members[name], `${this.where}.${name}`);
  }

  maybe(name: string): Facts | null {
    const value = this.members[name];
    return value === undefined || value === null ? null : this.facts(name);
  }

  /** Empty where it is absent. */
  list<T>(name: string, read: (one: Facts) => T): T[] {
    return this.#all(name).map((one, at) => read(Facts.of(one, `${this.where}.${name}[${at}]`)));
  }

  texts(name: string): string[] {
    return this.#all(name).map((one) => (typeof one === 'string' ? one : this.#odd(name)));
  }

  /** A list of pairs of numbers. */
  points(name: string): [number, number][] {
    return this.#all(name).map((one) => {
      if (!Array.isArray(one)) return this.#odd(name);
      const [x, y]: unknown[] = one;
      return typeof x === 'number' && typeof y === 'number' ? [x, y] : this.#odd(name);
    });
  }

  /** The members of an object that are text or numbers, in their order; empty where it is absent. */
  pairs(name: string): [string, string][] {
    const inner = this.maybe(name);
    if (!inner) return [];
    return Object.entries(inner.members)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([key, value]) => [key, String(value)]);
  }

  /** The members of an object that are numbers. */
  counts(name: string): [string, number][] {
    const inner = this.maybe(name);
    if (!inner) return [];
    return Object.entries(inner.members).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    );
  }

  /** What a table has of it. */
  cell(name: string): string | number | boolean | null {
    const value = this.members[name];
    if (value === undefined || value === null) return null;
    const simple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return simple ? value : this.#odd(name);
  }

  /** All of it, for a file. */
  whole(name: string): unknown {
    return this.members[name];
  }

  #all(name: string): unknown[] {
    const value = this.members[name];
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : this.#odd(name);
  }
}
