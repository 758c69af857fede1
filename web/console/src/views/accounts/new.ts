/** New mailboxes, one or many; what is taken from one for good, and the addresses it has beside its own. */
import {
  accountAdd,
  accountErase,
  accountImport,
  aliasAdd,
  aliasRemove,
  wouldErase,
  type Card,
} from '../../api/accounts.ts';
import { size } from '@casella/kit';
import { plainly, told, type Deed } from '../../desk/deed.ts';
import { moment } from '../../time.ts';
import type { Words } from '../../words/words.svelte.ts';

/** @param plans those there are */
export const adding = (w: Words, plans: string[]): Deed => ({
  title: w.care.addAccount,
  says: w.care.addAccountSays,
  fields: [
    { name: 'address', label: w.care.address, kind: 'text', required: true },
    { name: 'name', label: w.care.ownerName, kind: 'text' },
    {
      name: 'plan',
      label: w.care.plan,
      kind: plans.length > 0 ? 'choice' : 'text',
      value: plans[0] ?? '',
      hint: plans.length > 0 ? '' : w.care.planHint,
      options: plans.map((value) => ({ value, label: value })),
    },
    {
      name: 'language',
      label: w.care.language,
      kind: 'choice',
      value: 'it',
      options: [
        { value: 'it', label: w.common.italian },
        { value: 'en', label: w.common.english },
      ],
    },
  ],
  button: w.care.addAccount,
  run: async (values, client) =>
    told(
      await client.ask(
        accountAdd({
          address: (values['address'] ?? '').trim(),
          name: (values['name'] ?? '').trim(),
          plan: (values['plan'] ?? '').trim(),
          language: values['language'] ?? '',
        }),
      ),
      ({ address, password }) => ({
        wrong: false,
        lines: [w.care.added(address), ...(password === null ? [] : [w.care.password(password)])],
      }),
    ),
  done: w.care.addedDone,
});

export const importing = (w: Words): Deed => ({
  title: w.care.importAccounts,
  says: w.care.importSays,
  fields: [{ name: 'csv', label: w.care.file, kind: 'csv', required: true }],
  button: w.care.importAccounts,
  run: async (values, client, progress) =>
    told(await client.watch(accountImport(values['csv'] ?? ''), progress), (found, wrong) => ({
      wrong,
      lines: [w.care.imported(found.added, found.refused), ...found.errors],
    })),
  done: w.care.importDone,
});

export const aliasing = (w: Words, { account }: Card, adds: boolean): Deed => ({
  title: adds ? w.care.addAlias : w.care.removeAlias,
  says: adds ? w.care.addAliasSays : w.care.removeAliasSays,
  fields: [{ name: 'alias', label: w.care.alias, kind: 'text', required: true }],
  ...(adds
    ? {}
    : { target: (values: Record<string, string>) => (values['alias'] ?? '').trim(), warns: true }),
  button: adds ? w.care.addAlias : w.care.removeAlias,
  run: (values, client) =>
    plainly(client.ask((adds ? aliasAdd : aliasRemove)(account.address, (values['alias'] ?? '').trim()))),
  done: w.care.aliasDone,
});

/** Only of one that is wiped. */
export const erasing = (w: Words, { account }: Card, after: () => void): Deed => ({
  title: `${w.care.erase}: ${account.address}`,
  says: w.care.eraseSays,
  target: () => account.address,
  button: w.care.erase,
  warns: true,
  look: async (_, client) =>
    told(await client.ask(wouldErase(account.address)), ({ places, bytes, ordered }) => ({
      wrong: false,
      lines: [
        bytes === null ? w.care.eraseUnknown : w.care.wouldEraseBytes(size(w.locale, bytes)),
        w.care.wouldErase(places.join(', ')),
        ...(ordered === null ? [] : [w.care.eraseOrdered(moment(w.locale, ordered))]),
      ],
    })),
  run: async (_, client) =>
    told(await client.ask(accountErase(account.address)), ({ document, places }, wrong) => ({
      wrong,
      lines: places.map(({ place, confirmed }) =>
        confirmed === null ? w.care.erasingPlace(place) : w.care.erasedPlace(place),
      ),
      file: {
        name: `erasure-${account.id}.json`,
        href: URL.createObjectURL(new Blob([document], { type: 'application/json' })),
        label: w.care.certificate,
      },
    })),
  done: w.care.eraseDone,
  after,
});
