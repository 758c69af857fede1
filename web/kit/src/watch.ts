/** Lets a component read a store's value as if it were its own: it is drawn again when the value changes. */
import { createSubscriber } from 'svelte/reactivity';

interface Readable<T> {
  readonly value: T;
  subscribe(listener: () => void): () => void;
}

export interface Watched<T> {
  readonly current: T;
}

export function watch<T>(readable: Readable<T>): Watched<T> {
  const subscribe = createSubscriber((update) => readable.subscribe(update));
  return {
    get current() {
      subscribe();
      return readable.value;
    },
  };
}
