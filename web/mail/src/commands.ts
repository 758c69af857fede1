/** Every action once: the keys, the command menu and the help read this one list. */
import { toggleScheme, type IconName } from '@casella/kit';
import type { Desk } from './desk.svelte.ts';
import { INBOX } from './route.ts';
import { other, speak, words, type Words } from './words/words.svelte.ts';

export interface Command {
  name: keyof Words['actions'];
  icon: IconName;
  /** As `KeyboardEvent.key` says it; the first is shown. */
  keys: string[];
  group: 'list' | 'email' | 'all';
  run(desk: Desk): unknown;
}

export const SEARCH_ID = 'search';

/** As in Gmail and Fastmail where they agree. */
export const COMMANDS: Command[] = [
  { name: 'next', icon: 'down', keys: ['j', 'ArrowDown'], group: 'list', run: (desk) => desk.step(1) },
  { name: 'previous', icon: 'up', keys: ['k', 'ArrowUp'], group: 'list', run: (desk) => desk.step(-1) },
  {
    name: 'open',
    icon: 'open',
    keys: ['Enter', 'o'],
    group: 'list',
    run: (desk) => desk.cursor !== null && desk.open(desk.cursor),
  },
  { name: 'back', icon: 'back', keys: ['u', 'Escape'], group: 'list', run: back },
  {
    name: 'select',
    icon: 'check',
    keys: ['x'],
    group: 'list',
    run: (desk) => desk.cursor !== null && desk.select(desk.cursor),
  },
  { name: 'reply', icon: 'reply', keys: ['r'], group: 'email', run: (desk) => desk.answer('reply') },
  { name: 'replyAll', icon: 'replyAll', keys: ['a'], group: 'email', run: (desk) => desk.answer('replyAll') },
  { name: 'forward', icon: 'forward', keys: ['f'], group: 'email', run: (desk) => desk.answer('forward') },
  { name: 'archive', icon: 'archive', keys: ['e', 'y'], group: 'email', run: (desk) => desk.archive() },
  { name: 'trash', icon: 'trash', keys: ['#', 'Delete'], group: 'email', run: (desk) => desk.trash() },
  { name: 'junk', icon: 'junk', keys: ['!'], group: 'email', run: (desk) => desk.junk() },
  { name: 'move', icon: 'move', keys: ['v'], group: 'email', run: (desk) => desk.askMove() },
  { name: 'flag', icon: 'flag', keys: ['s'], group: 'email', run: (desk) => desk.toggleFlag() },
  { name: 'markSeen', icon: 'open', keys: ['I'], group: 'email', run: (desk) => desk.markSeen(true) },
  { name: 'markUnseen', icon: 'unread', keys: ['U'], group: 'email', run: unread },
  { name: 'write', icon: 'write', keys: ['c'], group: 'all', run: (desk) => desk.write() },
  {
    name: 'search',
    icon: 'search',
    keys: ['/'],
    group: 'all',
    run: () => document.getElementById(SEARCH_ID)?.focus(),
  },
  { name: 'goInbox', icon: 'inbox', keys: ['g'], group: 'all', run: (desk) => desk.go(INBOX) },
  { name: 'undo', icon: 'reply', keys: ['z'], group: 'all', run: (desk) => desk.undo() },
  {
    name: 'commands',
    icon: 'commands',
    keys: ['k'],
    group: 'all',
    run: (desk) => (desk.overlay = 'commands'),
  },
  { name: 'keys', icon: 'keys', keys: ['?'], group: 'all', run: (desk) => (desk.overlay = 'keys') },
  { name: 'own', icon: 'draft', keys: [], group: 'all', run: (desk) => (desk.overlay = 'own') },
  { name: 'scheme', icon: 'scheme', keys: [], group: 'all', run: toggleScheme },
  {
    name: 'language',
    icon: 'words',
    keys: [],
    group: 'all',
    run: () => speak(other(words().language), true),
  },
];

/** How a key is written for people. */
export function keyLabel(command: Command): string {
  const key = command.keys[0];
  if (command.name === 'commands') return 'Ctrl K';
  return key === undefined
    ? ''
    : key === 'Enter'
      ? '↵'
      : key.length === 1 && key !== key.toLowerCase()
        ? `⇧ ${key}`
        : key;
}

/** The command a key press means, or undefined when it belongs to a field, a dialog or the browser. */
export function commandFor(event: KeyboardEvent): Command | undefined {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k')
    return byName('commands');
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (
    target?.closest(
      'input:not([type=checkbox]), textarea, select, [contenteditable], dialog, [role=dialog], [role=menu]',
    )
  )
    return undefined;
  if (event.key === 'Enter' && target?.closest('a, button')) return undefined;
  if (event.key.startsWith('Arrow') && target?.closest('[data-scrolls]')) return undefined;
  return COMMANDS.find(({ name, keys }) => name !== 'commands' && keys.includes(event.key));
}

function byName(name: Command['name']): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}

function back(desk: Desk): void {
  if (desk.account.selection.ids.value.size > 0) desk.account.selection.clear();
  else if (desk.opened !== null) desk.close();
  else if (desk.route.name !== 'mailbox') desk.go(INBOX);
}

function unread(desk: Desk): void {
  desk.markSeen(false);
  if (desk.phone) desk.close();
}
