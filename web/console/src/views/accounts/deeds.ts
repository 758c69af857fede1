/** What can be done for one account. */
import { accountHold, accountPlan, accountState, proof, restore, type Card } from '../../api/accounts.ts';
import { cohortMove, standbyOpen, standbyReturn } from '../../api/service.ts';
import { plainly, told, type Deed } from '../../desk/deed.ts';
import { withOffset } from '../../time.ts';
import type { Words } from '../../words/words.svelte.ts';

type After = () => void;

export const holding = (w: Words, { account }: Card, after: After): Deed => ({
  title: w.accounts.holdTitle,
  says: w.accounts.holdSays,
  button: w.accounts.hold,
  run: (_, client) => plainly(client.ask(accountHold(account.address, true))),
  done: w.accounts.heldDone,
  after,
});

export const releasing = (w: Words, { account }: Card, after: After): Deed => ({
  title: w.accounts.release,
  says: w.accounts.releaseSays,
  target: () => account.address,
  button: w.accounts.release,
  warns: true,
  run: (_, client) => plainly(client.ask(accountHold(account.address, false))),
  done: w.accounts.releasedDone,
  after,
});

/** Lets in again, closes or wipes. */
export function changing(
  w: Words,
  { account }: Card,
  state: 'active' | 'disabled' | 'wiped',
  after: After,
): Deed {
  const way = { active: 'enable', disabled: 'disable', wiped: 'wipe' } as const;
  return {
    title: `${w.accounts[way[state]]}: ${account.address}`,
    says: w.accounts[`${way[state]}Says`],
    ...(state === 'active' ? {} : { target: () => account.address, warns: true }),
    button: w.accounts[way[state]],
    run: (_, client) => plainly(client.ask(accountState(account.address, state))),
    done: w.accounts.stateDone,
    after,
  };
}

/** @param plans those there are */
export const planning = (w: Words, { account }: Card, plans: string[], after: After): Deed => ({
  title: w.accounts.changePlan,
  says: w.accounts.planSays,
  fields: [
    {
      name: 'plan',
      label: w.accounts.newPlan,
      kind: plans.length > 0 ? 'choice' : 'text',
      value: account.plan,
      required: true,
      options: plans.map((plan) => ({ value: plan, label: plan })),
    },
    {
      name: 'paidUntil',
      label: w.accounts.paidUntilField,
      kind: 'day',
      hint: w.accounts.paidHint,
      value: account.paidUntil?.slice(0, 10) ?? '',
    },
  ],
  target: () => account.address,
  button: w.accounts.changePlan,
  run: (values, client) =>
    plainly(client.ask(accountPlan(account.address, values['plan'] ?? '', values['paidUntil'] || null))),
  done: w.accounts.stateDone,
  after,
});

export const undeleting = (w: Words, { account }: Card): Deed => ({
  title: w.accounts.undelete,
  says: w.accounts.undeleteSays,
  fields: [
    { name: 'asOf', label: w.accounts.asOf, kind: 'moment', required: true },
    { name: 'folder', label: w.accounts.folder, kind: 'text', hint: w.accounts.folderHint },
  ],
  target: () => account.address,
  button: w.accounts.undelete,
  run: async (values, client) =>
    told(
      await client.ask(restore(account.id, withOffset(values['asOf'] ?? ''), values['folder'] || null)),
      (done, wrong) => ({
        wrong,
        lines: [
          w.accounts.undeleted(done.emails, done.folders, done.there),
          ...(done.missing > 0 ? [w.accounts.undeleteMissing(done.missing)] : []),
        ],
      }),
    ),
  done: w.accounts.undeletedDone,
});

export const proving = (w: Words, { account }: Card): Deed => ({
  title: w.accounts.proofTitle,
  says: w.accounts.proofSays,
  button: w.accounts.proof,
  run: async (_, client, progress) =>
    told(await client.watch(proof(account.address), progress), (found, wrong) => ({
      wrong,
      lines: [
        w.accounts.proven(found.emails, found.copies),
        ...found.vaults.map((vault) => w.accounts.provenVault(vault.name, vault.emailsRight)),
        ...found.problems.map((one) => `${one.what} ${one.repair}`.trim()),
      ],
      file: {
        name: `proof-${account.id}.json`,
        href: URL.createObjectURL(new Blob([found.document], { type: 'application/json' })),
        label: w.accounts.proofFile,
      },
    })),
  done: w.accounts.provenDone,
});

export const switching = (w: Words, { account }: Card, standby: boolean, after: After): Deed => ({
  title: standby ? w.accounts.toStandby : w.accounts.fromStandby,
  says: standby ? w.accounts.toStandbySays : w.accounts.fromStandbySays,
  target: () => account.address,
  button: standby ? w.accounts.toStandby : w.accounts.fromStandby,
  run: (_, client) => plainly(client.ask((standby ? standbyOpen : standbyReturn)(account.address))),
  done: w.accounts.switched,
  after,
});

export const moving = (w: Words, { account, cohort }: Card, after: After): Deed => ({
  title: w.accounts.moveCohort,
  says: w.accounts.moveSays,
  fields: [
    {
      name: 'to',
      label: w.accounts.cohort,
      kind: 'text',
      value: cohort,
      hint: w.accounts.cohortHint,
      required: true,
    },
  ],
  button: w.accounts.moveCohort,
  look: async (values, client) =>
    told(await client.ask(cohortMove(account.address, values['to'] ?? '', true)), ({ from, to }) => ({
      lines: [w.accounts.wouldMove(from, to)],
      wrong: false,
    })),
  run: (values, client) => plainly(client.ask(cohortMove(account.address, values['to'] ?? '', false))),
  done: w.accounts.moved,
  after,
});
