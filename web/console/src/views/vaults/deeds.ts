/** What can be done with a vault on its way. */
import {
  STAGES,
  vaultAdd,
  vaultBurnIn,
  vaultContinue,
  vaultHalt,
  vaultRemove,
  vaultRetire,
  vaultRollback,
  vaultStart,
  type Climb,
  type NewVault,
  type Retirement,
} from '../../api/vaults.ts';
import { plainly, told, type Deed, type Told, type Values } from '../../desk/deed.ts';
import type { Words } from '../../words/words.svelte.ts';

type After = () => void;

const KINDS = ['files', 'pack', 'rocksdb'];

export function adding(w: Words, after: After): Deed {
  const added = (values: Values): NewVault => ({
    name: values['name'] ?? '',
    kind: values['kind'] ?? '',
    folder: values['folder'] ?? '',
    replaces: values['replaces'] ?? '',
    probation: values['probation'] ?? '',
  });
  return {
    title: w.vaults.add,
    says: w.vaults.addSays,
    fields: [
      { name: 'name', label: w.vaults.name, kind: 'text', required: true },
      {
        name: 'kind',
        label: w.vaults.kind,
        kind: 'choice',
        value: KINDS[0] ?? '',
        options: KINDS.map((value) => ({ value, label: value })),
      },
      { name: 'folder', label: w.vaults.folder, kind: 'text', hint: w.vaults.folderHint },
      { name: 'replaces', label: w.vaults.replaces, kind: 'text', hint: w.vaults.replacesHint },
      { name: 'probation', label: w.vaults.probation, kind: 'text', hint: w.vaults.probationHint },
    ],
    target: (values) => values['name'] ?? '',
    button: w.vaults.add,
    look: async (values, client) =>
      told(await client.ask(vaultAdd(added(values), true)), (one) => ({
        lines: [w.vaults.wouldAdd(one.vault, one.kind, one.folder, one.replaces, one.probation)],
        wrong: false,
      })),
    run: (values, client) => plainly(client.ask(vaultAdd(added(values), false))),
    done: w.vaults.added,
    after,
  };
}

export const burningIn = (w: Words, { vault }: Climb, after: After): Deed => ({
  title: `${w.vaults.burnInDeed}: ${vault}`,
  says: w.vaults.burnInSays,
  fields: [
    { name: 'objects', label: w.vaults.objects, kind: 'number', required: true },
    { name: 'bytes', label: w.vaults.bytes, kind: 'text', hint: w.vaults.bytesHint },
  ],
  target: () => vault,
  button: w.vaults.burnInDeed,
  run: async (values, client, progress) =>
    told(
      await client.watch(vaultBurnIn(vault, Number(values['objects']), values['bytes'] ?? ''), progress),
      ({ passed, folder }) => ({
        wrong: !passed,
        lines: [
          passed ? w.vaults.burnPassed : w.vaults.burnFailed,
          ...(folder ? [w.vaults.reportIn(folder)] : []),
        ],
      }),
    ),
  done: w.vaults.burned,
  after,
});

export const starting = (w: Words, { vault, burnIn }: Climb, after: After): Deed => ({
  title: `${w.vaults.start}: ${vault}`,
  says: w.vaults.startSays,
  fields: [
    { name: 'soak', label: w.vaults.soakField, kind: 'text', hint: w.vaults.soakHint },
    ...(burnIn === 'passed'
      ? []
      : [{ name: 'without', label: w.vaults.withoutBurnIn, kind: 'check' as const }]),
  ],
  target: () => vault,
  button: w.vaults.start,
  run: (values, client) =>
    plainly(client.ask(vaultStart(vault, values['soak'] ?? '', values['without'] === 'yes'))),
  done: w.vaults.started,
  after,
});

export const goingOn = (w: Words, { vault }: Climb, after: After): Deed => ({
  title: `${w.vaults.goOn}: ${vault}`,
  says: w.vaults.goOnSays,
  fields: [{ name: 'force', label: w.vaults.force, kind: 'check' }],
  target: () => vault,
  button: w.vaults.goOn,
  run: (values, client) => plainly(client.ask(vaultContinue(vault, values['force'] === 'yes'))),
  done: w.vaults.wentOn,
  after,
});

export const halting = (w: Words, { vault }: Climb, after: After): Deed => ({
  title: `${w.vaults.halt}: ${vault}`,
  says: w.vaults.haltSays,
  fields: [{ name: 'why', label: w.vaults.why, kind: 'text' }],
  button: w.vaults.halt,
  run: (values, client) => plainly(client.ask(vaultHalt(vault, values['why'] ?? ''))),
  done: w.vaults.halted,
  after,
});

export const rollingBack = (w: Words, { vault, stage }: Climb, after: After): Deed => {
  const here = STAGES.findIndex((one) => one === stage);
  const lower = STAGES.filter((_, at) => at < here);
  return {
    title: `${w.vaults.rollback}: ${vault}`,
    says: w.vaults.rollbackSays,
    fields: [
      {
        name: 'to',
        label: w.vaults.toStage,
        kind: 'choice',
        value: lower.at(-1) ?? 'added',
        options: lower.map((value) => ({ value, label: value })),
      },
    ],
    target: () => vault,
    button: w.vaults.rollback,
    warns: true,
    run: (values, client) => plainly(client.ask(vaultRollback(vault, values['to'] ?? ''))),
    done: w.vaults.rolledBack,
    after,
  };
};

const looked = (w: Words, found: Retirement): Told => ({
  wrong: found.wrong > 0,
  lines: [
    w.vaults.wouldRetire(found.accounts, found.emails),
    found.wrong > 0 ? w.vaults.wrongOnes(found.wrong) : w.vaults.allRight,
  ],
});

/** Retires the vault into whose place this one came. */
export const retiring = (w: Words, { replaces }: Climb, after: After): Deed => ({
  title: `${w.vaults.retire}: ${replaces}`,
  says: w.vaults.retireSays(replaces),
  target: () => replaces,
  button: w.vaults.retire,
  warns: true,
  look: async (_, client) => told(await client.ask(vaultRetire(replaces, true)), (found) => looked(w, found)),
  run: async (_, client, progress) =>
    told(await client.watch(vaultRetire(replaces, false), progress), (found) => looked(w, found)),
  done: w.vaults.retired,
  after,
});

export const removing = (w: Words, { vault }: Climb, after: After): Deed => ({
  title: `${w.vaults.remove}: ${vault}`,
  says: w.vaults.removeSays,
  target: () => vault,
  button: w.vaults.remove,
  warns: true,
  run: (_, client) => plainly(client.ask(vaultRemove(vault))),
  done: w.vaults.removed,
  after,
});
