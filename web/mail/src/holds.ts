/** What the pages of one browser hold, by the browser's own locks; null where it has none (plain http). */
import type { Holds } from '@casella/store';

const locks = (navigator as { locks?: LockManager }).locks;

export const holds: Holds | null = locks
  ? {
      take(name) {
        const { promise, resolve } = resolvable();
        void locks.request(name, () => promise);
        return resolve;
      },
      async taken() {
        const { held = [] } = await locks.query();
        return new Set(held.map(({ name }) => name ?? ''));
      },
    }
  : null;

function resolvable(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
