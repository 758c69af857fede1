/** Proves that a code is told once, that a help that runs is seen and ended, and that what is known stays. */
import { expect, test } from 'vitest';
import { CAPABILITY, JmapClient } from '@casella/jmap';
import { HelpLook } from '../src/index.ts';
import { Dialogue, SESSION } from '../../jmap/test/dialogue.ts';

const OFFERING = { ...SESSION, capabilities: { ...SESSION.capabilities, [CAPABILITY.service]: {} } };

function look(text: string): { help: HelpLook; d: Dialogue } {
  const d = Dialogue.of(text);
  return { help: new HelpLook(new JmapClient(OFFERING, d.fetch)), d };
}

test('a code is made, and what runs is ended', async () => {
  const { help, d } = look(`
  C: Help/set {"create":{"help":{"scope":"messages"}}}
  S: {"newState":"2","created":{"help":{"id":"h1","code":"ABCDE-FGHJK","until":"x"}}}
  C: Help/get {"ids":null}
  S: {"list":[{"id":"h1","open":true}]}
  C: Help/set {"update":{"h1":{"open":false}}}
  S: {"newState":"3","updated":{"h1":null}}
  C: Help/get {"ids":null}
  S: {"list":[{"id":"h1","open":false}]}`);

  await help.allow('messages');
  expect(help.deed.value).toEqual({ name: 'made', id: 'h1', code: 'ABCDE-FGHJK' });
  expect(help.state.value).toEqual({ name: 'ready', helps: [{ id: 'h1', open: true }] });
  await help.end('h1');
  d.over();
  expect(help.deed.value).toEqual({ name: 'none' });
  expect(help.state.value).toEqual({ name: 'ready', helps: [{ id: 'h1', open: false }] });
});

test('too many codes are said', async () => {
  const { help, d } = look(`
  C: Help/set {"create":{"help":{"scope":"folders"}}}
  S: {"newState":"2","notCreated":{"help":{"type":"rateLimit"}}}
  C: Help/get {"ids":null}
  S: {"list":[]}`);

  await help.allow('folders');
  d.over();
  expect(help.deed.value).toEqual({ name: 'tooMany' });
});
