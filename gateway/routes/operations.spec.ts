import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../../read-api/testing/harness.ts';
import { type ShopApi, shopApi } from '../../write-side/testing/shop-api.ts';
import { type ApiName, operations } from './operations.ts';

const documented: Record<ApiName, string[]> = { command: [], query: [] };
let command: ShopApi;
let query: QueryApiHarness;

beforeAll(async () => {
  [command, query] = await Promise.all([shopApi(), QueryApiHarness.start(new TestLog())]);
  documented.command = operationsOf((await command.call('GET', '/openapi.json', { token: null })).body);
  documented.query = operationsOf((await query.get('/openapi.json', 'operator')).body);
});
afterAll(() => Promise.all([command.close(), query.stop()]));

/** Both APIs list parked items; the gateway asks the query API. */
const SERVED_BY_QUERY = ['GET /api/v1/parked', 'GET /api/v1/parked/:id'];

it.each(['command', 'query'] as const)('forwards every documented operation of the %s API to it', (api) => {
  const expected = documented[api].filter((one) => api === 'query' || !SERVED_BY_QUERY.includes(one));
  expect(operations[api]).toEqual(expect.arrayContaining(expected));
});

it('forwards no operation to two APIs', () => {
  expect(operations.command.filter((one) => operations.query.includes(one))).toEqual([]);
});

/** Paths of an API that are about its own process. */
const OWN = /^\/(health\/|metrics$|openapi\.json$|docs)/;

const operationsOf = ({ paths }: { readonly paths: Readonly<Record<string, object>> }): string[] =>
  Object.entries(paths)
    .filter(([path]) => !OWN.test(path))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
