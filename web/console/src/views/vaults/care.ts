/** What can be done about mailboxes' contents, for one or for all. */
import {
  collectRun,
  quarantineRelease,
  rebuild,
  verify,
  type Collector,
  type Rebuilt,
  type Verified,
} from '../../api/care.ts';
import { plainly, told, type Deed, type Field, type Told } from '../../desk/deed.ts';
import type { Words } from '../../words/words.svelte.ts';

const account = (w: Words): Field => ({
  name: 'account',
  label: w.care.account,
  kind: 'text',
  hint: w.care.accountHint,
});

const proven = (w: Words, found: Verified, wrong: boolean): Told => ({
  wrong: wrong || found.wrong > 0,
  lines: [
    w.care.verified(found.accounts, found.emails),
    w.care.verifiedWrong(found.wrong, found.lost),
    ...found.problems,
  ],
});

export const verifying = (w: Words): Deed => ({
  title: w.care.verify,
  says: w.care.verifySays,
  fields: [account(w)],
  button: w.care.verify,
  run: async (values, client, progress) =>
    told(await client.watch(verify((values['account'] ?? '').trim()), progress), (found, wrong) =>
      proven(w, found, wrong),
    ),
  done: w.care.verifyDone,
});

/** @param vaults those there are; where nobody can say, the name is written */
export const rebuilding = (w: Words, vaults: string[]): Deed => ({
  title: w.care.rebuild,
  says: w.care.rebuildSays,
  fields: [
    account(w),
    {
      name: 'from',
      label: w.care.from,
      kind: vaults.length > 0 ? 'choice' : 'text',
      value: vaults[0] ?? '',
      required: true,
      options: vaults.map((value) => ({ value, label: value })),
    },
  ],
  target: (values) => (values['account'] ?? '').trim() || w.care.everybody,
  button: w.care.rebuild,
  warns: true,
  run: async (values, client, progress) =>
    told(
      await client.watch(rebuild((values['account'] ?? '').trim(), values['from'] ?? ''), progress),
      (found: Rebuilt, wrong) => ({
        wrong: wrong || found.failed > 0,
        lines: [w.care.rebuilt(found.rebuilt, found.accounts, found.failed)],
      }),
    ),
  done: w.care.rebuildDone,
});

export const releasingAside = (w: Words): Deed => ({
  title: w.care.release,
  says: w.care.releaseSays,
  fields: [{ ...account(w), hint: w.care.oneHint, required: true }],
  target: (values) => (values['account'] ?? '').trim(),
  button: w.care.release,
  warns: true,
  run: (values, client) => plainly(client.ask(quarantineRelease((values['account'] ?? '').trim()))),
  done: w.care.released,
});

/** @param asks what is answered with yes; null to collect as always */
export const collecting = (w: Words, asks: Collector['asks'], after: () => void): Deed => ({
  title: asks ? w.care.answerYes : w.care.collect,
  says: asks ? w.care.answerSays(asks.what, asks.confirmed) : w.care.collectSays,
  ...(asks ? { target: () => asks.reason, warns: true } : {}),
  button: asks ? w.care.answerYes : w.care.collect,
  run: async (_, client, progress) =>
    told(await client.watch(collectRun(asks !== null), progress), (found, wrong) => ({
      wrong,
      lines:
        found.accounts === null
          ? [w.care.stoodAndAsks, ...(found.what ? [found.what] : [])]
          : [w.care.collected(found.accounts, found.condemned, found.later)],
    })),
  done: w.care.collectDone,
  after,
});
