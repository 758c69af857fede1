/** What a drill's report says in figures, a line each: the same when it ends and years later. */
import type { DrillReport } from '../../api/drills.ts';
import type { Words } from '../../words/words.svelte.ts';

const NOT_MEASURED = '?';

export const figures = (w: Words, found: DrillReport): string[] => [
  ...(found.aborted ? [w.drills.aborted(found.aborted)] : []),
  w.drills.figures(found.accepted, found.refused, found.lost ?? NOT_MEASURED),
  w.drills.wrong(found.duplicated ?? NOT_MEASURED, found.identifiersChanged, found.wrongBytesServed),
  w.drills.dark(found.darkMinutes),
  ...(found.dialToneMillis === null ? [] : [w.drills.dialTone(found.dialToneMillis)]),
];
