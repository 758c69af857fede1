/** Proves that the record is read whatever becomes of the count, and that the file holds all there is. */
import { expect, test } from 'vitest';
import { CAPABILITY, JmapClient } from '@casella/jmap';
import { exported, OwnLook } from '../src/index.ts';
import { Dialogue, SESSION } from '../../jmap/test/dialogue.ts';

const OFFERING = { ...SESSION, capabilities: { ...SESSION.capabilities, [CAPABILITY.service]: {} } };
const ABSENCE = '{"id":"days90","awayMillis":{"mailbox":5}}';
const RECORD = `
  C: Absence/get {"ids":null}
  C: Attempt/get {"ids":null}
  C: Compensation/get {"ids":null}
  S: {"list":[${ABSENCE}]}
  S: {"list":[{"id":"t1"}]}
  S: {"list":[{"id":"c1"}]}`;

function look(text: string): { own: OwnLook; d: Dialogue } {
  const d = Dialogue.of(text);
  return { own: new OwnLook(new JmapClient(OFFERING, d.fetch)), d };
}

test('record and count are asked for apart, and the file holds both', async () => {
  const { own, d } = look(`${RECORD}
  C: Reckoning/get {"ids":null}
  S: {"list":[{"id":"singleton","lost":0}]}`);

  await own.load();

  d.over();
  const state = own.state.value;
  if (state.name !== 'ready') throw new Error(state.name);
  expect(state.record.attempts).toEqual([{ id: 't1' }]);
  expect(own.count.value).toEqual({ name: 'ready', reckoning: { id: 'singleton', lost: 0 } });
  expect(JSON.parse(exported('anna@posta.example', state.record, own.count.value))).toEqual({
    address: 'anna@posta.example',
    absences: [{ id: 'days90', awayMillis: { mailbox: 5 } }],
    attempts: [{ id: 't1' }],
    compensations: [{ id: 'c1' }],
    reckoning: { id: 'singleton', lost: 0 },
  });
});

test('what cannot be counted now keeps nobody from the record', async () => {
  const { own, d } = look(`${RECORD}
  C: Reckoning/get {"ids":null}
  S: status 503`);

  await own.load();

  d.over();
  expect(own.state.value.name).toBe('ready');
  expect(own.count.value).toEqual({ name: 'away' });
});
