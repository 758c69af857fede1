/** The fake's compensations: previewed by one, approved by another, given. */
import { list } from './desk.ts';
import { done, Refused, text, type Doing, type Order, type Row } from './doing.ts';
import { from } from './state.ts';

const line = (
  brand: string,
  plan: string,
  rule: string,
  accounts: number,
  quota: number,
  months: number,
): Row => ({
  brand,
  plan,
  rule,
  accounts,
  percent: 0,
  quotaBytes: quota,
  months,
  credited: 0,
  gone: 0,
  ended: 0,
  told: 0,
});

function newest({ state, fields }: Doing): Row {
  const run = state.runs.find((one) => one['incident'] === fields['incident']);
  if (!run) throw new Refused('incident: nothing was previewed');
  return run;
}

const act = (run: Row, by: string, what: string, said = '') =>
  (run['acts'] as Row[]).push({ at: from(0), by, act: what, words: said });

export const giving: Record<string, Order> = {
  'compensation-status': ({ state, fields }) =>
    done(
      {},
      state.runs.filter((one) => fields['incident'] === undefined || one['incident'] === fields['incident']),
    ),
  'compensation-preview': ({ state, fields, by, progress }) => {
    if (!text(fields, 'rules').includes('free')) {
      throw new Refused('rules: plan free of brand posta is named by no rule');
    }
    progress(11_020, 22_040, 'accounts');
    for (const one of state.runs) if (one['incident'] === fields['incident']) one['state'] = 'superseded';
    const run: Row = {
      incident: fields['incident'],
      run: state.runs.length + 1,
      state: 'previewed',
      digest: '3f1c9a0b22d4e5f60718293a4b5c6d7e',
      rules: '77aa',
      from: from(-72 * 3_600_000),
      to: from(-67 * 3_600_000),
      lines: [
        line('posta', 'free', 'long-away', 640, 214_748_364, 0),
        line('posta', 'plus', 'paying', 172, 0, 6),
        {
          ...line('posta', 'staff', 'staff', 14, 0, 0),
          becauseIt: 'Non hanno un canone.',
          becauseEn: 'They pay nothing.',
        },
        line('virgola', 'free', '', 9_820, 0, 0),
      ],
      accounts: 812,
      quotaBytes: 640 * 214_748_364,
      months: 172 * 6,
      credited: 0,
      gone: 0,
      ended: 0,
      told: 0,
      announced: null,
      waitsFor: '',
      acts: [{ at: from(0), by, act: 'previewed', words: '' }],
    };
    state.runs.unshift(run);
    return done({ ...run, incidentOver: true, accountsGoOn: 0, beganBefore: null, goOn: [] });
  },
  'compensation-approve': (doing) => {
    const run = newest(doing);
    if ((run['acts'] as Row[])[0]?.['by'] === doing.by) {
      throw new Refused(`approve: ${doing.by} made the preview; somebody else must approve it`);
    }
    run['state'] = 'approved';
    act(run, doing.by, 'approved', String(run['digest']));
    return done(run);
  },
  'compensation-apply': (doing) => {
    const run = newest(doing);
    act(run, doing.by, 'applied');
    for (const part of [200, 500, 812]) doing.progress(part, 812, 'accounts');
    for (const one of list(run['lines'])) if (one['rule'] !== '') one['credited'] = one['accounts'];
    Object.assign(run, { state: 'applied', credited: 812, told: 812, announced: from(0) });
    return done(run);
  },
  'compensation-revoke': (doing) => {
    const run = newest(doing);
    act(run, doing.by, 'revoked', text(doing.fields, 'why'));
    Object.assign(run, { state: 'revoked', ended: 812 });
    return done(run);
  },
  'compensation-list': (doing) =>
    done({ rows: 1, state: newest(doing)['state'] }, [
      {
        key: 'incident-1/a1k7q0000000002',
        incident: 1,
        run: 1,
        account: 'a1k7q0000000002',
        address: 'annalisa.deluca@posta.example',
        brand: 'posta',
        plan: 'plus',
        rule: 'paying',
        months: 6,
        quotaBytes: 0,
        state: 'credited',
        at: from(0),
        ended: null,
      },
    ]),
};
