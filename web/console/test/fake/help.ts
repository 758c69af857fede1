/** Help inside a mailbox, as the server gives it: one code, one person, as far as the owner said. */
import { done, number, Refused, text, type Doing, type Order, type Row } from './doing.ts';
import { from } from './state.ts';

const MINUTE = 60_000;
const CODE = 'ABCDE-FGHJK';

const FOLDERS: Row[] = [
  { id: 'm1', name: 'INBOX', role: 'inbox', emails: 51, unread: 2, bytes: 1_200_000 },
  { id: 'm7', name: 'Casa <b>nuova</b>', role: null, emails: 0, unread: 0, bytes: 0 },
];

const mail = (at: number): Row => ({
  id: `e${at}`,
  received: from(-at * MINUTE),
  size: 2_400 + at,
  seen: at > 1,
  from: `Mittente ${at} <m${at}@posta.example>`,
  subject: at === 0 ? 'Il tuo <b>codice</b>' : `Numero ${at}`,
  attachments: at === 0,
});

function mayLook({ state, by }: Doing): void {
  if (state.helper === by) return;
  throw new Refused(
    'account: its owner lets you look no more, or not yet; they make a code, and help begin uses it',
  );
}

export const help: Record<string, Order> = {
  'help-begin': ({ state, by, fields }) => {
    if (text(fields, 'code').toUpperCase() !== CODE || state.helper !== null)
      throw new Refused('code: is not good');
    state.helper = by;
    return done({ scope: 'contents', until: from(30 * MINUTE), told: true });
  },
  'help-show': ({ state, by }) =>
    state.helper === by
      ? done({ scope: 'contents', until: from(30 * MINUTE) })
      : done({ scope: null, until: null }),
  'help-folders': (doing) => {
    mayLook(doing);
    return done({ folders: FOLDERS.length }, FOLDERS);
  },
  'help-messages': (doing) => {
    mayLook(doing);
    const all = text(doing.fields, 'folder') === 'm1' ? Array.from({ length: 51 }, (_, at) => mail(at)) : [];
    const position = number(doing.fields, 'position');
    const page = all.slice(position, position + number(doing.fields, 'limit'));
    return done({ emails: page.length }, page);
  },
  'help-message': (doing) => {
    mayLook(doing);
    const at = Number(text(doing.fields, 'email').slice(1));
    return done({
      ...mail(at),
      text: 'Il codice è 424242.\n<script>alert(1)</script>',
      truncated: false,
      files: ['a.pdf'],
    });
  },
  'help-end': ({ state, by }) => {
    const ended = state.helper === by;
    if (ended) state.helper = null;
    return done({ ended });
  },
};
