/** Proves that the scripted server says no when the client says something else than the script. */
import { expect, test } from 'vitest';
import { failureOf, type Call } from '../src/index.ts';
import { Dialogue } from './dialogue.ts';

const call = (d: Dialogue, args: object): Call<{ n: number }> => d.client().call('Thing/get', { ...args });

test('the answer of the script comes back', async () => {
  const d = Dialogue.of('C: Thing/get {"ids":["1"]}\nS: {"n":7}');

  expect((await d.client().one(call(d, { ids: ['1'] }))).n).toBe(7);
  d.over();
});

test('another argument is a failure that names the line', async () => {
  const d = Dialogue.of('# first\nC: Thing/get {"ids":["1"]}\nS: {"n":7}');

  await expect(d.client().one(call(d, { ids: ['2'] }))).rejects.toThrow();
  expect(() => d.over()).toThrow(/inline:2.*\n.*wanted.*"1".*\n.*got.*"2"/);
});

test('a line that never came is a failure', () => {
  expect(() => Dialogue.of('C: Thing/get {}\nS: {}').over()).toThrow('inline:1: never came: Thing/get');
});

test('dots stand for the arguments that do not matter', async () => {
  const d = Dialogue.of('C: Thing/get {"ids":["1"], …}\nS: {"n":1}');

  await d.client().one(call(d, { ids: ['1'], properties: [] }));
  d.over();
});

test.each([
  ['S: error {"type":"serverUnavailable"}', 'unavailable'],
  ['S: error {"type":"invalidArguments"}', 'method'],
  ['S: status 503', 'unavailable'],
  ['S: status 401', 'denied'],
  ['S: status 429', 'tooMany'],
  ['S: status 413', 'refused'],
  ['S: lost', 'unreachable'],
])('%s is a failure of its own kind', async (answer, kind) => {
  const d = Dialogue.of(`C: Thing/get {}\n${answer}`);

  const failure = await d
    .client()
    .one(call(d, {}))
    .then(() => null, failureOf);
  expect(failure?.kind).toBe(kind);
});
