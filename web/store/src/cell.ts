/** A value that says when it changed: the only thing the views know of the store. */
export interface Readable<T> {
  readonly value: T;
  /** Calls `listener` after each change until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

export class Cell<T> implements Readable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Setting the same value again tells nobody. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many listen; a cell nobody listens to may be forgotten. */
  get listeners(): number {
    return this.#listeners.size;
  }
}

/** Part of a value; listeners hear of it only when that part changed. */
export function select<T, U>(source: Readable<T>, pick: (value: T) => U): Readable<U> {
  return {
    get value() {
      return pick(source.value);
    },
    subscribe(listener) {
      let last = pick(source.value);
      return source.subscribe(() => {
        const next = pick(source.value);
        if (Object.is(next, last)) return;
        last = next;
        listener();
      });
    },
  };
}
