/**
 * Proves that a running server understands every order as the console gives it, and that the console
 * understands
 * what comes back. Says what it needs to know in `story.e2e.ts`.
 */
import { beforeAll, expect, test } from 'vitest';
import * as accounts from '../../../src/api/accounts.ts';
import * as audit from '../../../src/api/audit.ts';
import * as care from '../../../src/api/care.ts';
import * as brands from '../../../src/api/brands.ts';
import * as breaches from '../../../src/api/breaches.ts';
import { Client, type Fetch } from '../../../src/api/client.ts';
import * as compensation from '../../../src/api/compensation.ts';
import * as complaints from '../../../src/api/complaints.ts';
import * as drills from '../../../src/api/drills.ts';
import * as health from '../../../src/api/health.ts';
import * as incidents from '../../../src/api/incidents.ts';
import type { Order } from '../../../src/api/order.ts';
import * as queue from '../../../src/api/queue.ts';
import * as service from '../../../src/api/service.ts';
import * as vaults from '../../../src/api/vaults.ts';

const URL_ = process.env['CASELLA_CONSOLE_URL'] ?? '';
const STAFF = [
  process.env['CASELLA_CONSOLE_STAFF'] ?? 'carla:casella',
  process.env['CASELLA_CONSOLE_SECOND'] ?? 'dario:casella',
];
const ACCOUNT = process.env['CASELLA_CONSOLE_ACCOUNT'] ?? 'anna@posta.example';
const BRAND = ACCOUNT.split('@')[1]?.split('.')[0] ?? 'posta';

const clients: { client: Client; may: ReadonlySet<string> }[] = [];

beforeAll(async () => {
  for (const one of STAFF) {
    const [name = '', password = ''] = one.split(':');
    let cookie = '';
    const inNode: Fetch = async (path, init) => {
      const headers = new Headers(init.headers);
      if (cookie !== '') headers.set('Cookie', cookie);
      const response = await fetch(new URL(path, URL_), { ...init, headers });
      cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
      return response;
    };
    const client = new Client(inNode);
    const entered = await client.logIn(name, password);
    if (entered.name === 'failed') throw new Error(`${name}: ${JSON.stringify(entered.failure)}`);
    clients.push({ client, may: entered.value.may });
  }
});

const TEXT = { italian: 'Prova', english: 'Trial' };
const NONE = { italian: '', english: '' };
const update = { proof: '', unproven: false, back: '', confidence: '', cause: '', evidence: '' };

/** Nothing of it changes what others would notice; what names a thing that is not there has to be refused. */
const ORDERS: [string, () => Order<unknown>, boolean][] = [
  ['status', health.status, true],
  ['doctor', health.doctor, true],
  ['debt', health.debt, true],
  ['trends', health.trends, true],
  ['automation-list', health.automationList, true],
  ['automation-pause', () => health.automationPause('nothing'), false],
  ['account-find', () => accounts.accountFind(ACCOUNT.slice(0, 3), 5), true],
  ['account-show', () => accounts.accountShow(ACCOUNT), true],
  ['account-state', () => accounts.accountState(ACCOUNT, 'active'), true],
  ['account-plan', () => accounts.accountPlan(ACCOUNT, 'no-such-plan', '2027-01-31'), false],
  ['account-hold', () => accounts.accountHold(ACCOUNT, false), true],
  ['proof', () => accounts.proof(ACCOUNT), true],
  ['restore', () => accounts.restore(ACCOUNT, new Date().toISOString(), null), true],
  ['account-add', () => accounts.accountAdd({ address: '!', plan: '', name: '', language: '' }), false],
  ['account-import', () => accounts.accountImport('no,columns\n'), false],
  ['account-erase', () => accounts.wouldErase(ACCOUNT), false],
  ['account-erase', () => accounts.accountErase(ACCOUNT), false],
  ['alias-add', () => accounts.aliasAdd(ACCOUNT, '!'), false],
  ['alias-remove', () => accounts.aliasRemove(ACCOUNT, `no-such-alias@${BRAND}.example`), false],
  ['verify', () => care.verify(ACCOUNT), true],
  ['rebuild', () => care.rebuild(ACCOUNT, 'no-such-vault'), false],
  ['quarantine-release', () => care.quarantineRelease(ACCOUNT), false],
  ['collect-status', care.collectStatus, true],
  ['collect-run', () => care.collectRun(false), true],
  ['cohort-show', () => service.cohortShow(ACCOUNT), true],
  ['cohort-show', () => service.cohortShow('staff'), true],
  ['drill-reports', drills.drillReports, true],
  ['drill-report', () => drills.drillReport('no-such-report'), false],
  ['alerts-test', health.alertsTest, false],
  ['support-bundle', health.supportBundle, true],
  ['audit-list', () => audit.auditList(10, null), true],
  ['audit-list', () => audit.auditList(10, new Date().toISOString()), true],
  ['staff-list', audit.staffList, true],
  ['brand-list', brands.brandList, true],
  ['brand-add', () => brands.brandAdd('!', 'x', [], 'x', ['it']), false],
  ['brand-dkim', () => brands.brandDkim(BRAND), true],
  ['domain-add', () => brands.domainAdd('no-such-brand', 'a.example'), false],
  ['plan-list', brands.planList, true],
  [
    'plan-add',
    () =>
      brands.planAdd({
        name: '!',
        quotaBytes: 2 ** 30,
        paid: false,
        level: 'basic',
        recoveryDays: 30,
        recoveryBytes: null,
      }),
    false,
  ],
  ['breach-list', breaches.breachList, true],
  ['breach-show', () => breaches.breachShow(999_999), false],
  ['breach-update', () => breaches.breachUpdate({ breach: 999_999, kinds: ['integrity'], people: 3 }), false],
  [
    'breach-update',
    () =>
      breaches.breachUpdate({
        breach: 999_999,
        sent: { at: '2026-11-23T10:00:00+01:00', authority: 'x', reference: null },
        told: { at: null, how: 'x' },
      }),
    false,
  ],
  ['breach-decide', () => breaches.breachDecide(999_999, true, 'x'), false],
  ['breach-export', () => breaches.breachExport(999_999, 'pdf', 'it'), false],
  ['losses', () => breaches.losses('', 0, ''), true],
  ['losses', () => breaches.losses(ACCOUNT, 0, ''), true],
  ['losses', () => breaches.losses('', 0, 'losses.csv'), true],
  ['cohort-list', service.cohortList, true],
  ['cohort-move', () => service.cohortMove(ACCOUNT, 'slice', true), true],
  ['standby-list', service.standbyList, true],
  ['standby-return', () => service.standbyReturn(ACCOUNT), true],
  ['reopen-status', service.reopenStatus, true],
  ['reopen-plan', () => service.reopenPlan(true, '10m'), true],
  ['reopen-stop', service.reopenStop, true],
  ['compensation-status', () => compensation.compensationStatus(null), true],
  ['compensation-approve', () => compensation.compensationApprove(999_999, 'abcdef'), false],
  ['compensation-apply', () => compensation.compensationApply(999_999), false],
  ['compensation-revoke', () => compensation.compensationRevoke(999_999, 'x'), false],
  ['compensation-list', () => compensation.compensationList(999_999), false],
  ['compensation-preview', () => compensation.compensationPreview(999_999, 'x', '', ''), false],
  ['complaint-list', () => complaints.complaintList('open', 3), true],
  ['complaint-show', () => complaints.complaintShow(999_999), false],
  ['complaint-sort', () => complaints.complaintSort(999_999, 'other', 0), false],
  ['complaint-answer', () => complaints.complaintAnswer(999_999, 'mail', 'x'), false],
  ['complaint-decide', () => complaints.complaintDecide(999_999, 'upheld', 'mail', 'x'), false],
  ['complaint-attach', () => complaints.complaintAttach(999_999, 'a.txt', 'text/plain', 'YQ=='), false],
  ['complaint-file', () => complaints.complaintFile(999_999, 1), false],
  ['complaint-import', () => complaints.complaintImport(BRAND, 'x', 'y', 'no,columns\n'), false],
  ['complaint-export', complaints.complaintExport, true],
  ['complaint-package', () => complaints.complaintPackage(999_999), false],
  ['association-pack', () => complaints.associationPack('x', 999_999), false],
  ['drill-run', () => drills.drillRun('no-such-drill', 'all', '1s', '', 'small'), false],
  ['drill-stop', drills.drillStop, true],
  ['incident-list', incidents.incidentList, true],
  ['incident-show', () => incidents.incidentShow(999_999), false],
  [
    'incident-open',
    () =>
      incidents.incidentOpenPreview({
        title: TEXT,
        severity: 'minor',
        brands: [BRAND],
        part: { cohorts: ['slice-07'], doors: ['imap'], apps: ['Thunderbird'] },
        text: NONE,
        proof: '',
        unproven: false,
        proposal: null,
      }),
    true,
  ],
  [
    'incident-update',
    () => incidents.incidentUpdatePreview({ ...update, incident: 999_999, state: 'monitoring', text: TEXT }),
    false,
  ],
  ['incident-answer', () => incidents.incidentAnswer(999_999, 'a', '', TEXT, TEXT), false],
  ['incident-report', () => incidents.incidentReport(999_999), false],
  ['availability-all', () => incidents.availabilityAll(999_999), false],
  [
    'incident-post-mortem',
    () => incidents.postMortem({ incident: 999_999, text: TEXT, proof: '', unproven: false }, true),
    false,
  ],
  ['queue-list', queue.queueList, true],
  ['queue-show', () => queue.queueShow('0'), false],
  ['vault-list', vaults.vaultList, true],
  ['vault-show', () => vaults.vaultShow('no-such-vault'), false],
  [
    'vault-add',
    () =>
      vaults.vaultAdd(
        { name: 'console-trial', kind: 'pack', folder: '', replaces: '', probation: '30d' },
        true,
      ),
    true,
  ],
  ['vault-burn-in', () => vaults.vaultBurnIn('no-such-vault', 10, ''), false],
  ['vault-start', () => vaults.vaultStart('no-such-vault', '', false), false],
  ['vault-continue', () => vaults.vaultContinue('no-such-vault', false), false],
  ['vault-halt', () => vaults.vaultHalt('no-such-vault', 'x'), false],
  ['vault-rollback', () => vaults.vaultRollback('no-such-vault', 'added'), false],
  ['vault-retire', () => vaults.vaultRetire('no-such-vault', true), false],
  ['vault-remove', () => vaults.vaultRemove('no-such-vault'), false],
];

test.each(ORDERS)('%s', async (name, order, answered) => {
  const who = clients.find(({ may }) => may.has(name));
  if (!who) throw new Error(`nobody here may give ${name}`);
  for (const answer of [await who.client.ask(order()), await who.client.watch(order(), () => undefined)]) {
    if (answered) expect(answer).toMatchObject({ name: 'answered' });
    else expect(answer).toMatchObject({ name: 'failed', failure: { kind: 'refused' } });
  }
});
