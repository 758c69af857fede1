/** Open cases by how their deadlines stand, and the others. */
import type { ComplaintLine } from '../../api/complaints.ts';
import { due, type Due } from '../../time.ts';

export type Group = Due | 'rest';

export const GROUPS: Group[] = ['late', 'soon', 'later', 'rest'];

/** By deadline within each; those that nobody waits for the newest first. */
export function byDeadline(complaints: ComplaintLine[], now: Date): Record<Group, ComplaintLine[]> {
  const groups: Record<Group, ComplaintLine[]> = { late: [], soon: [], later: [], rest: [] };
  for (const one of complaints) {
    groups[one.state !== 'open' ? 'rest' : one.overdue ? 'late' : due(one.deadline, now)].push(one);
  }
  const time = (one: ComplaintLine) => Date.parse(one.deadline);
  for (const group of [groups.late, groups.soon, groups.later]) group.sort((a, b) => time(a) - time(b));
  groups.rest.sort((a, b) => Date.parse(b.received) - Date.parse(a.received));
  return groups;
}
