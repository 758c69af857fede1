/** Proves that a second address is asked for, confirmed and taken away, and that what is wrong is said. */
import { expect, test } from 'vitest';
import { CAPABILITY, JmapClient } from '@casella/jmap';
import { SecondLook } from '../src/index.ts';
import { Dialogue, SESSION } from '../../jmap/test/dialogue.ts';

const OFFERING = { ...SESSION, capabilities: { ...SESSION.capabilities, [CAPABILITY.service]: {} } };

function look(text: string): { second: SecondLook; d: Dialogue } {
  const d = Dialogue.of(text);
  return { second: new SecondLook(new JmapClient(OFFERING, d.fetch)), d };
}

test('a code is sent and comes back', async () => {
  const { second, d } = look(`
  C: SecondAddress/set {"update":{"singleton":{"address":"a@b.example"}}}
  S: {"newState":"2","updated":{"singleton":null}}
  C: SecondAddress/get {"ids":null}
  S: {"list":[{"offered":true,"address":null,"pending":"a@b.example"}]}
  C: SecondAddress/set {"update":{"singleton":{"code":"123456"}}}
  S: {"newState":"3","updated":{"singleton":null}}
  C: SecondAddress/get {"ids":null}
  S: {"list":[{"offered":true,"address":"a@b.example","pending":null}]}`);

  await second.begin('a@b.example');
  await second.confirm('123456');
  d.over();
  expect(second.deed.value).toEqual({ name: 'none' });
  expect(second.state.value).toEqual({
    name: 'ready',
    second: { offered: true, address: 'a@b.example', pending: null },
  });
});

test('what is wrong is told apart', async () => {
  const refusals = [
    ['begin', 'address', 'invalidProperties', 'unfit'],
    ['begin', 'address', 'rateLimit', 'tooMany'],
    ['confirm', 'code', 'invalidProperties', 'wrongCode'],
  ] as const;
  for (const [method, field, type, name] of refusals) {
    const { second, d } = look(`
    C: SecondAddress/set {"update":{"singleton":{"${field}":"x"}}}
    S: {"newState":"2","notUpdated":{"singleton":{"type":"${type}"}}}
    C: SecondAddress/get {"ids":null}
    S: {"list":[]}`);
    await second[method]('x');
    d.over();
    expect(second.deed.value).toEqual({ name });
  }
});
