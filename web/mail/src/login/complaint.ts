/** Why nobody came in, in the reader's words. */
import type { GateState } from '@casella/store';
import type { Words } from '../words/words.svelte.ts';

/** Null where nothing went wrong. */
export function complaintOf(w: Words, now: GateState): string | null {
  switch (now.name) {
    case 'refused':
      return w.login.refused;
    case 'tooMany':
      return w.login.tooMany(Math.ceil(now.seconds / 60));
    case 'notYet':
      return w.login.notYet(now.place, Math.ceil(now.seconds / 60), Math.ceil(now.retry / 60));
    case 'away':
      return w.failure(now.failure);
    case 'closed':
    case 'opening':
    case 'looking':
    case 'open':
      return null;
  }
}
