/** What can be done with a compensation: one person previews, another approves, the server gives. */
import {
  billingCsv,
  compensationApply,
  compensationApprove,
  compensationList,
  compensationPreview,
  compensationRevoke,
  type Previewed,
  type Run,
} from '../../api/compensation.ts';
import { size } from '@casella/kit';
import { plainly, told, type Deed, type Told } from '../../desk/deed.ts';
import { moment, withOffset } from '../../time.ts';
import type { Words } from '../../words/words.svelte.ts';

type After = () => void;

/** Of a preview, so many characters say which one it is. */
export const DIGEST_CHARACTERS = 8;

export const EXAMPLE = `version: 1
rules:
  - rule: long-away
    brands: all
    plans: [free]
    away: mailbox
    longer-than: 24h
    quota: 20%
  - rule: paying
    brands: all
    plans: [plus]
    away: read
    longer-than: 4h
    months: 6
`;

function counted(w: Words, found: Previewed): Told {
  const { run } = found;
  return {
    wrong: false,
    lines: [
      w.compensation.gets(w.common.accounts(run.accounts)),
      w.compensation.inAll(size(w.locale, run.quotaBytes), run.months),
      ...(found.incidentOver ? [] : [w.compensation.notOver]),
      ...(found.accountsGoOn > 0 ? [w.compensation.goOn(found.accountsGoOn)] : []),
      ...found.goOn.map((one) => w.compensation.goOnScope(one.scope, one.cause)),
      ...(found.beganBefore ? [w.compensation.beganBefore(moment(w.locale, found.beganBefore))] : []),
    ],
  };
}

/** What was written for an incident on this page, so that a rule put right is not all written again. */
const written = new Map<number, string>();

export const previewing = (w: Words, incident: number, after: After): Deed => ({
  title: w.compensation.preview,
  says: w.compensation.previewSays,
  wide: true,
  fields: [
    {
      name: 'rules',
      label: w.compensation.rules,
      kind: 'area',
      rows: 14,
      code: true,
      hint: w.compensation.rulesHint,
      value: written.get(incident) ?? EXAMPLE,
      required: true,
    },
    { name: 'from', label: w.compensation.from, kind: 'moment', hint: w.compensation.fromHint },
    { name: 'to', label: w.compensation.to, kind: 'moment', hint: w.compensation.toHint },
  ],
  button: w.compensation.preview,
  run: async (values, client, progress) => {
    written.set(incident, values['rules'] ?? '');
    return told(
      await client.watch(
        compensationPreview(
          incident,
          values['rules'] ?? '',
          withOffset(values['from'] ?? ''),
          withOffset(values['to'] ?? ''),
        ),
        progress,
      ),
      (found) => counted(w, found),
    );
  },
  done: w.compensation.previewed,
  after,
});

export const approving = (w: Words, run: Run, after: After): Deed => ({
  title: w.compensation.approve,
  says: `${w.compensation.approveSays(
    w.common.accounts(run.accounts),
    size(w.locale, run.quotaBytes),
    run.months,
  )} ${w.compensation.second}`,
  target: () => run.digest.slice(0, DIGEST_CHARACTERS),
  button: w.compensation.approve,
  run: (_, client, progress) =>
    plainly(client.watch(compensationApprove(run.incident, run.digest), progress)),
  done: w.compensation.approved,
  after,
});

export const applying = (w: Words, run: Run, after: After): Deed => ({
  title: run.state === 'applied' ? w.compensation.applyAgain : w.compensation.apply,
  says: w.compensation.applySays(w.common.accounts(run.accounts)),
  target: () => String(run.incident),
  button: run.state === 'applied' ? w.compensation.applyAgain : w.compensation.apply,
  run: async (_, client, progress) =>
    told(await client.watch(compensationApply(run.incident), progress), (now, wrong) => ({
      wrong,
      lines: [
        w.compensation.applyFigures(now.credited, now.told),
        ...(now.waitsFor ? [w.compensation.waits(now.waitsFor)] : []),
      ],
    })),
  done: w.compensation.applied,
  after,
});

export const revoking = (w: Words, run: Run, after: After): Deed => ({
  title: w.compensation.revoke,
  says: w.compensation.revokeSays(w.common.accounts(run.accounts)),
  fields: [{ name: 'why', label: w.compensation.why, kind: 'area', required: true }],
  target: () => String(run.incident),
  button: w.compensation.revoke,
  warns: true,
  run: (values, client, progress) =>
    plainly(client.watch(compensationRevoke(run.incident, values['why'] ?? ''), progress)),
  done: w.compensation.revoked,
  after,
});

export const billing = (w: Words, incident: number): Deed => ({
  title: w.compensation.csv,
  says: w.compensation.csvSays,
  button: w.compensation.csv,
  run: async (_, client, progress) =>
    told(await client.watch(compensationList(incident), progress), (credits) => ({
      wrong: false,
      lines: [w.compensation.csvMade(credits.length)],
      file: {
        name: `compensation-${incident}.csv`,
        href: URL.createObjectURL(new Blob([billingCsv(credits)], { type: 'text/csv;charset=utf-8' })),
        label: w.common.download,
      },
    })),
  done: w.compensation.csvDone,
});
