import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  requestExamples,
  responsesWithoutExample,
  uncapitalisedTexts,
  undescribedParameters,
} from '../../platform/http/testing/openapi-checks.ts';
import type { CommandServices } from '../command-services.ts';
import { commandRoutes } from '../routes.ts';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
// biome-ignore lint/suspicious/noExplicitAny: a JSON document, for a test to look into
let document: any;
beforeAll(async () => {
  shop = await shopApi();
  document = (await shop.call('GET', '/openapi.json', { token: null })).body;
});
afterAll(() => shop.close());

it('the document describes every command', () => {
  const commands = Object.entries<object>(document.paths)
    .filter(([path]) => path.startsWith('/api/'))
    .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
  expect(commands).toEqual([
    'post /api/v1/orders',
    'post /api/v1/orders/{orderId}/cancel',
    'post /api/v1/inventory/items',
    'patch /api/v1/inventory/items/{productId}',
    'post /api/v1/inventory/items/{productId}/retire',
    'post /api/v1/inventory/items/{productId}/restore',
    'post /api/v1/inventory/items/{productId}/receipts',
    'post /api/v1/inventory/items/{productId}/adjustments',
    'post /api/v1/shipments/{orderId}/dispatch',
    'post /api/v1/shipments/{orderId}/deliver',
    'post /api/v1/payments/{orderId}/refund',
    'post /api/v1/payments/{orderId}/resolve',
    'get /api/v1/parked',
    'get /api/v1/parked/{id}',
    'post /api/v1/parked/replay',
    'post /api/v1/parked/{id}/replay',
    'delete /api/v1/parked/replays/{replayId}',
    'post /api/v1/parked/{id}/discard',
    'post /api/v1/projections/{name}/rebuild',
    'post /api/v1/accounts',
    'post /api/v1/accounts/confirm',
    'post /api/v1/password-resets',
    'post /api/v1/password-resets/confirm',
    'get /api/v1/accounts/me',
    'patch /api/v1/accounts/me',
    'delete /api/v1/accounts/me',
    'post /api/v1/accounts/me/password',
    'get /api/v1/accounts/me/export',
    'post /api/v1/accounts/{userId}/role',
    'post /api/v1/accounts/{userId}/disable',
    'post /api/v1/accounts/{userId}/enable',
    'post /api/v1/accounts/{userId}/password-reset',
    'delete /api/v1/accounts/{userId}',
    'post /api/v1/sessions/refresh',
    'post /api/v1/sessions',
    'get /api/v1/sessions',
    'delete /api/v1/sessions/current',
    'delete /api/v1/sessions/{sessionId}',
  ]);
});

it('request bodies are named schemas, and none of their fields is read-only', () => {
  const body = document.paths['/api/v1/orders'].post.requestBody;
  expect(body).toEqual({
    required: true,
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/NewOrder' },
        example: document.components.schemas.NewOrder.example,
      },
    },
  });
  expect(document.components.schemas.NewItem.additionalProperties).toBe(false);
  expect(JSON.stringify(document)).not.toContain('readOnly');
});

/** Requests about people hold secrets, so no response to them is remembered under a key. */
const isAboutPeople = (path: string) => /^\/api\/v1\/(sessions|accounts|password-resets)/.test(path);

it('every command has the two headers, and responds with revision and position', () => {
  for (const [path, operations] of Object.entries<Record<string, typeof document>>(document.paths)) {
    if (!path.startsWith('/api/') || isAboutPeople(path)) continue;
    for (const [method, { parameters, responses }] of Object.entries(operations)) {
      if (method === 'get') continue;
      const headers = parameters.filter((one: { in: string }) => one.in === 'header');
      expect(headers.map(({ name }: { name: string }) => name)).toEqual(['idempotency-key', 'if-match']);
      const success = responses['200'] ?? responses['201'] ?? responses['202'];
      expect(Object.keys(success.headers)).toEqual(['ETag', 'Orderstream-Position']);
    }
  }
});

it('every parameter has a description, every response an example, and every title a capital letter', () => {
  expect(document.info.title).toBe('Orderstream command API');
  expect(undescribedParameters(document)).toEqual([]);
  expect(responsesWithoutExample(document)).toEqual([]);
  expect(uncapitalisedTexts(document)).toEqual([]);
});

it('the API accepts the example of every request body', async () => {
  const examples = requestExamples(document);
  expect(examples.length).toBeGreaterThan(10);
  for (const productId of ['22000A', '85123A']) await shop.createItem(productId, undefined, 10);
  for (const { name, example } of examples) {
    const [method = '', template = ''] = name.split(' ');
    const path = template
      .replace('{productId}', '22000A')
      .replace('{orderId}', await shop.placeOrder())
      .replace('{id}', '5f7c2d0a9b1e4c3d8f6a7b21')
      .replace('{userId}', 'nobody');
    // A new product, since the others are needed by the orders.
    const body = template.endsWith('/items') ? { ...(example as object), productId: 'new' } : example;
    const { status, body: response } = await shop.call(method.toUpperCase(), path, { body });
    // The token of an example is valid nowhere.
    const isAccepted = ![400, 415, 422].includes(status) || response.type.endsWith(':token-not-valid');
    expect([name, example === undefined, isAccepted ? 'accepted' : response]).toEqual([
      name,
      false,
      'accepted',
    ]);
    if (template.endsWith('/retire')) await shop.post('/api/v1/inventory/items/22000A/restore');
  }
});

it('the document describes the payment tokens and the scope of an idempotency key', () => {
  const text = JSON.stringify(document);
  for (const token of ['tok_ok', 'tok_declined', 'tok_flaky', 'tok_slow', 'tok_down'])
    expect(text).toContain(token);
  expect(text).toContain('same caller, method and path, for ever');
});

it('the example of each response matches the schema of the response', () => {
  const routes = commandRoutes.map((createRoute) => createRoute({} as CommandServices));
  const schemas = routes.flatMap(({ responses }) =>
    Object.values(responses).flatMap(({ schema }) => schema ?? []),
  );
  expect(schemas.length).toBeGreaterThan(20);
  for (const schema of schemas) {
    const { id, example } = schema.meta() ?? {};
    expect([id, schema.parse(example)]).toEqual([expect.any(String), example]);
  }
});
