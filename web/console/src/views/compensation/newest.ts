/**
 * What there is to show of each incident: its newest run, or that nothing was previewed. Newest incidents
 * first.
 */
import type { Run } from '../../api/compensation.ts';

export function newestRuns(incidents: { incident: number }[], runs: Run[]): [number, Run | null][] {
  const newest = new Map<number, Run | null>(incidents.map(({ incident }) => [incident, null]));
  for (const run of runs) {
    const before = newest.get(run.incident);
    if (!before || run.run > before.run) newest.set(run.incident, run);
  }
  return [...newest].sort(([a], [b]) => b - a);
}
