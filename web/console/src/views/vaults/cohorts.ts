/** What can be asked of cohorts, and done with them. */
import { cohortMove, cohortShow } from '../../api/service.ts';
import { plainly, told, type Deed } from '../../desk/deed.ts';
import type { Words } from '../../words/words.svelte.ts';

export const lookingUp = (w: Words): Deed => ({
  title: w.care.lookUp,
  says: w.care.lookUpSays,
  fields: [{ name: 'what', label: w.care.lookUpWhat, kind: 'text', required: true }],
  button: w.care.lookUp,
  run: async (values, client) =>
    told(await client.ask(cohortShow((values['what'] ?? '').trim())), (one) => ({
      wrong: false,
      lines: [
        one.what === 'cohort'
          ? w.care.inCohort(one.cohort, one.accounts, one.placed)
          : w.care.goesWith(one.address, one.cohort, one.slice),
      ],
    })),
  done: w.care.lookedUp,
});

export const movingOne = (w: Words, after: () => void): Deed => {
  const move = (values: Record<string, string>, dryRun: boolean) =>
    cohortMove((values['address'] ?? '').trim(), (values['to'] ?? '').trim(), dryRun);
  return {
    title: w.care.moveOne,
    says: w.accounts.moveSays,
    fields: [
      { name: 'address', label: w.care.address, kind: 'text', required: true },
      { name: 'to', label: w.accounts.cohort, kind: 'text', hint: w.accounts.cohortHint, required: true },
    ],
    button: w.care.moveOne,
    look: async (values, client) =>
      told(await client.ask(move(values, true)), ({ from, to }) => ({
        lines: [w.accounts.wouldMove(from, to)],
        wrong: false,
      })),
    run: (values, client) => plainly(client.ask(move(values, false))),
    done: w.accounts.moved,
    after,
  };
};
