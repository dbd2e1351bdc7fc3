import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../../read-api/testing/harness.ts';
import { type ShopApi, shopApi } from '../../write-side/testing/shop-api.ts';
import { TestGateway } from '../testing/gateway-kit.ts';
import { mergedOpenApi } from './merged-openapi.ts';

describe('the OpenAPI document of the gateway', () => {
  let command: ShopApi;
  let query: QueryApiHarness;
  let gateway: TestGateway;
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document, for a test to look into
  let documents: { command: any; query: any; merged: any };

  beforeAll(async () => {
    [command, query] = await Promise.all([shopApi(), QueryApiHarness.start(new TestLog())]);
    gateway = await TestGateway.start();
    const [ofCommand, ofQuery] = [
      (await command.call('GET', '/openapi.json', { token: null })).body,
      (await query.get('/openapi.json', 'operator')).body,
    ];
    gateway.command.answer = (_got, res) => res.end(JSON.stringify(ofCommand));
    gateway.query.answer = (_got, res) => res.end(JSON.stringify(ofQuery));
    documents = { command: ofCommand, query: ofQuery, merged: (await gateway.get('/openapi.json')).body };
  });
  afterAll(() => Promise.all([command.close(), query.stop(), gateway.stop()]));

  it('has the operations of both APIs, each as its API describes it', () => {
    const { merged } = documents;
    expect(merged.paths['/api/v1/orders'].post).toEqual(documents.command.paths['/api/v1/orders'].post);
    expect(merged.paths['/api/v1/orders'].get).toEqual(documents.query.paths['/api/v1/orders'].get);
    expect(merged.paths['/api/v1/parked'].get).toEqual(documents.query.paths['/api/v1/parked'].get);
    expect(
      Object.keys(merged.paths).filter((path) => path === '/metrics' || path.startsWith('/health')),
    ).toEqual([]);
  });

  it('has every schema that it refers to', () => {
    const text = JSON.stringify(documents.merged);
    const names = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect(names.size).toBeGreaterThan(5);
    expect([...names].filter((name) => !(String(name) in documents.merged.components.schemas))).toEqual([]);
  });

  it('is asked of the APIs once in a while, not for each request', async () => {
    const before = gateway.command.got.length;
    for (let n = 0; n < 3; n++) await gateway.get('/openapi.json');
    expect(gateway.command.got).toHaveLength(before);
  });

  it('is what the page at /docs shows', async () => {
    const { text, headers } = await gateway.get('/docs');
    expect(text).toContain('docs/swagger-ui-bundle.js');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect((await gateway.get('/docs/start.js')).text).toContain("url: 'openapi.json'");
  });
});

it('renames a schema that has the name of another one', () => {
  const document = (path: string, method: string, schema: object) => ({
    openapi: '3.1.0',
    info: { version: '1' },
    paths: { [path]: { [method]: { schema: { $ref: '#/components/schemas/Item' } } } },
    components: { schemas: { Item: schema, Same: { type: 'string' } } },
  });
  expect(
    mergedOpenApi({
      command: document('/api/v1/orders', 'post', { type: 'object' }),
      query: document('/api/v1/orders', 'get', { type: 'array' }),
    }),
  ).toMatchObject({
    paths: {
      '/api/v1/orders': {
        post: { schema: { $ref: '#/components/schemas/Item' } },
        get: { schema: { $ref: '#/components/schemas/QueriedItem' } },
      },
    },
    components: {
      schemas: { Item: { type: 'object' }, QueriedItem: { type: 'array' }, Same: { type: 'string' } },
    },
  });
});
