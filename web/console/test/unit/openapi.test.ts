/**
 * Proves that docs/operations/openapi.json, which the server answers too, is an OpenAPI document: by the
 * schemas of those who wrote OpenAPI. And that each schema in it is one.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';

const FILE = fileURLToPath(new URL('../../../../docs/operations/openapi.json', import.meta.url));

type Json = Record<string, unknown>;
const document = (): Json => JSON.parse(readFileSync(FILE, 'utf8')) as Json;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every schema written where it is used, with its place. */
function schemas(value: unknown, place = '#'): [string, Json][] {
  if (Array.isArray(value)) return value.flatMap((one, at) => schemas(one, `${place}/${at}`));
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const here = `${place}/${name}`;
    return name === 'schema' && isJson(one) ? [[here, one] as [string, Json]] : schemas(one, here);
  });
}

test('the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const found = await validator.validate(document());

  expect(found.errors).toBeUndefined();
  expect(found.valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('a document that is none is found out', async () => {
  const wrong = document();
  (wrong['info'] as Json)['title'] = undefined;

  expect((await new Validator().validate(JSON.parse(JSON.stringify(wrong)) as Json)).valid).toBe(false);
});

test('each operation has a name of its own, and each schema is one', () => {
  const whole = document();
  const paths = Object.values(whole['paths'] as Record<string, Record<string, Json>>);
  const names = paths.flatMap((path) => Object.values(path).map((operation) => operation['operationId']));
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  ajv.addSchema({ $id: 'casella', $defs: (whole['components'] as Json)['schemas'] });
  const all = schemas(paths);

  expect(new Set(names).size).toBe(names.length);
  expect(all.length).toBeGreaterThan(200);
  for (const [place, schema] of all) {
    const own = JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components/schemas/', '"casella#/$defs/'),
    ) as Json;
    expect(() => ajv.compile(own), place).not.toThrow();
  }
});
