import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GATEWAY_KEY_HEADER, gatewayKeyOf } from '../platform/http/request/gateway-key.ts';
import { LAST_WRITE_HEADER } from '../platform/http/request/last-write.ts';
import {
  responsesWithoutExample,
  uncapitalisedTexts,
  undescribedParameters,
} from '../platform/http/testing/openapi-checks.ts';
import { CustomerResponse } from '../projections/customers/document.ts';
import { ItemDocument } from '../projections/items/document.ts';
import { MovementResponse } from '../projections/movements/document.ts';
import { OrderDocument } from '../projections/orders/document.ts';
import { ordersProjection } from '../projections/orders/projection.ts';
import { PaymentDocument } from '../projections/payments/document.ts';
import {
  SalesDayResponse,
  SalesOfProductResponse,
  SalesToCustomerResponse,
} from '../projections/sales/document.ts';
import { ShipmentDocument } from '../projections/shipments/document.ts';
import { orderPlaced } from '../projections/testing/events.ts';
import { fold } from '../projections/testing/fold.ts';
import { TestLog } from '../projections/testing/log.ts';
import { TimelineResponse } from '../projections/timeline/document.ts';
import { ReadStoreUnavailable } from '../read-store/errors.ts';
import { ProjectionStatus } from './responses/projection-status.ts';
import { QueryApiHarness, SECRET } from './testing/harness.ts';

let api: QueryApiHarness;
const log = new TestLog();
log.record('order-o1', orderPlaced('o1', [['mug', 1, 255]]));

beforeEach(async () => {
  api = await QueryApiHarness.start(log);
});
afterEach(() => api.stop());

const MIN_POSITION = 'orderstream-min-position';

describe('reading one’s own writes', () => {
  it('responds at once when the model has passed the position', async () => {
    expect((await api.get('/api/v1/orders/o1?minPosition=100', 'operator')).status).toBe(200);
    expect((await api.get('/api/v1/orders/o1', 'operator', { [MIN_POSITION]: '100' })).status).toBe(200);
  });

  it('responds when the model passes the position during the wait', async () => {
    const later = new TestLog();
    const placed = later.record('order-o2', orderPlaced('o2', [['mug', 1, 255]]));
    const waiting = api.get('/api/v1/orders/o2', 'operator', { [MIN_POSITION]: '200' });

    const orders = await api.store.generation(ordersProjection, 1);
    await orders.commit([...fold(ordersProjection, [placed]).values()], { commit: 200n, prepare: 200n });

    expect(await waiting).toMatchObject({ status: 200, body: { orderId: 'o2' } });
  });

  it('responds with 504 when the model does not pass the later position of query and header in time', async () => {
    const behind = await api.get('/api/v1/orders/o1?minPosition=100&wait=20', 'operator', {
      [MIN_POSITION]: '101',
    });

    expect(behind.status).toBe(504);
    expect(behind.headers['content-type']).toBe('application/problem+json');
    expect(behind.body).toMatchObject({
      type: 'urn:orderstream:problem:read-model-behind',
      detail: 'orders has not passed position 101 within 20 ms',
      model: 'orders',
      wanted: '101',
    });
    const paths = ['orders', 'orders/o1', 'orders/o1/timeline', 'inventory/items', 'projections'];
    for (const path of paths)
      expect((await api.get(`/api/v1/${path}?minPosition=101&wait=0`, 'operator')).status).toBe(504);
  });

  it('rejects an invalid position in the header', async () => {
    const { status, body } = await api.get('/api/v1/orders/o1', 'operator', { [MIN_POSITION]: 'latest' });

    expect([status, body.type]).toEqual([400, 'urn:orderstream:problem:invalid-header']);
  });
});

describe('a query with the last write of its session', () => {
  const fromGateway = (position: string, key = gatewayKeyOf(SECRET)) => ({
    [LAST_WRITE_HEADER]: position,
    [GATEWAY_KEY_HEADER]: key,
  });
  const ask = (path: string, headers: Record<string, string>) => api.get(path, 'operator', headers);

  it('shows what there is after 2 s, and says that it may be behind', async () => {
    const { status, headers, body } = await ask('/api/v1/orders/o1', fromGateway('101'));
    expect([status, headers['orderstream-behind'], body.orderId]).toEqual([200, 'true', 'o1']);
  });

  it('says nothing of this kind when the read model has passed the position', async () => {
    const { status, headers } = await ask('/api/v1/orders/o1', fromGateway('100'));
    expect([status, headers['orderstream-behind']]).toEqual([200, undefined]);
  });

  it('does not wait when the position is not from the gateway, or is none', async () => {
    for (const headers of [
      fromGateway('101', 'guessed'),
      { [LAST_WRITE_HEADER]: '101' },
      fromGateway('latest'),
    ])
      expect((await ask('/api/v1/orders/o1', headers)).headers['orderstream-behind']).toBeUndefined();
  });

  it('gets 504 when the position that the client names itself is not passed', async () => {
    const { status } = await ask('/api/v1/orders/o1?minPosition=101&wait=0', fromGateway('101'));
    expect(status).toBe(504);
  });

  it('sees the state of the projections at once', async () => {
    const { status, headers } = await ask('/api/v1/projections', fromGateway('101'));
    expect([status, headers['orderstream-behind']]).toEqual([200, undefined]);
  });
});

describe('GET /api/v1/projections', () => {
  it('returns position, status and error of every read model', async () => {
    const error = { stream: 'order-o1', revision: '7', reason: 'newer than is known here' };
    await api.store.writeStatus({ name: 'items', generation: 1, status: 'stopped', error });
    const { status, body } = await api.get('/api/v1/projections', 'operator');

    expect(status).toBe(200);
    for (const item of body.items) expect(ProjectionStatus.parse(item)).toEqual(item);
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(
      'orders timeline items movements payments shipments customers sales deadlines parked sessions accounts'.split(
        ' ',
      ),
    );
    expect(body.items[0]).toMatchObject({ generation: 1, position: '100', status: 'live' });
    expect(body.items[2]).toMatchObject({ status: 'stopped', error });
  });

  it('is for operators only', async () => {
    expect((await api.get('/api/v1/projections', 'customer')).status).toBe(403);
  });
});

describe('an unavailable read store', () => {
  it('makes the API not ready, and its queries 503 with Retry-After', async () => {
    const away = () => Promise.reject(new ReadStoreUnavailable('no answer from 10.0.0.7'));
    Object.assign(api.store, { live: away, liveShared: away });
    Object.assign(api.watch, { readStore: 'the read store does not answer' });

    const answer = await api.get('/api/v1/orders/o1', 'operator');
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.7');
    expect((await api.get('/api/v1/orders/o1?minPosition=1&wait=1', 'operator')).status).toBe(503);
    expect((await api.get('/health/ready', 'operator')).status).toBe(503);
    expect((await api.get('/health/live', 'operator')).status).toBe(200);
  });
});

it('each request looks up the live generation once', async () => {
  const { store } = api;
  const asked: string[] = [];
  for (const way of ['live', 'liveShared'] as const) {
    const look = store[way].bind(store);
    store[way] = (model) => {
      asked.push(`${way} ${model.name}`);
      return look(model);
    };
  }

  for (const path of ['orders', 'orders/o1', 'orders/o1/timeline', 'inventory/items', 'sales/daily'])
    await api.get(`/api/v1/${path}`, 'operator');
  expect(asked.splice(0)).toEqual(
    ['orders', 'orders', 'timeline', 'items', 'sales'].map((name) => `liveShared ${name}`),
  );

  // Whoever waited for a position was told of it, perhaps in this very turn.
  await api.get('/api/v1/orders/o1?minPosition=100', 'operator');
  expect(asked).toContain('live orders');
  expect(asked).not.toContain('liveShared orders');
});

it('the OpenAPI document contains every route', async () => {
  const { status, body } = await api.get('/openapi.json', 'operator');

  expect(status).toBe(200);
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining([
      '/api/v1/orders',
      '/api/v1/orders/{orderId}',
      '/api/v1/orders/{orderId}/timeline',
      '/api/v1/inventory/items',
      '/api/v1/inventory/items/{productId}',
      '/api/v1/inventory/items/{productId}/movements',
      '/api/v1/payments',
      '/api/v1/payments/{orderId}',
      '/api/v1/shipments',
      '/api/v1/shipments/{orderId}',
      '/api/v1/customers',
      '/api/v1/customers/me',
      '/api/v1/customers/{customerId}',
      '/api/v1/orders/live',
      '/api/v1/orders/{orderId}/live',
      '/api/v1/sales/daily',
      '/api/v1/sales/products',
      '/api/v1/sales/customers',
      '/api/v1/projections',
      '/api/v1/status',
    ]),
  );
});

it('every parameter in OpenAPI has a description, and every response a valid example', async () => {
  const { body } = await api.get('/openapi.json', 'operator');

  expect(body.info.title).toBe('Orderstream query API');
  expect(undescribedParameters(body)).toEqual([]);
  expect(responsesWithoutExample(body)).toEqual([]);
  expect(uncapitalisedTexts(body)).toEqual([]);
  for (const schema of [
    OrderDocument,
    TimelineResponse,
    ItemDocument,
    MovementResponse,
    PaymentDocument,
    ShipmentDocument,
    CustomerResponse,
    SalesDayResponse,
    SalesOfProductResponse,
    SalesToCustomerResponse,
    ProjectionStatus,
  ]) {
    const example = schema.meta()?.example;
    expect(schema.parse(example)).toEqual(example);
  }
});

it('parameters in OpenAPI have their bounds and defaults', async () => {
  const { body } = await api.get('/openapi.json', 'operator');
  const schemaOf = (path: string, name: string) =>
    body.paths[path].get.parameters.find((one: { name: string }) => one.name === name).schema;

  expect(schemaOf('/api/v1/orders', 'limit')).toMatchObject({ minimum: 1, maximum: 200, default: 50 });
  expect(schemaOf('/api/v1/orders', 'wait')).toMatchObject({ minimum: 0, maximum: 5000, default: 5000 });
  expect(schemaOf('/api/v1/orders', 'sort')).toMatchObject({ enum: ['newest', 'oldest'], default: 'newest' });
  expect(schemaOf('/api/v1/shipments', 'sort')).toMatchObject({ default: 'oldest' });
  expect(schemaOf('/api/v1/inventory/items', 'retired')).toMatchObject({ default: 'false' });
});
