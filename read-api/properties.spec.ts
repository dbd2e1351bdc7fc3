import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectNoUnexpectedErrors } from '../platform/http/testing/hostile-bytes.ts';
import { OrderDocument } from '../projections/orders/document.ts';
import { SalesOfProductResponse } from '../projections/sales/document.ts';
import {
  orderPlaced,
  paymentCaptured,
  productCreated,
  stockReceived,
} from '../projections/testing/events.ts';
import { TestLog } from '../projections/testing/log.ts';
import { decodeCursor, encodeCursor } from './requests/cursor.ts';
import { QueryApiHarness } from './testing/harness.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  const log = new TestLog();
  log.record('product-mug', productCreated('mug', 'Mug'));
  log.record('inventory-mug', stockReceived('mug', 5));
  for (const id of ['o1', 'o2', 'o3']) log.record(`order-${id}`, orderPlaced(id, [['mug', 1, 255]]));
  log.record('payment-o1', paymentCaptured('o1', 255, '2026-03-01T12:30:00.000Z'));
  api = await QueryApiHarness.start(log);
});
afterAll(() => api.stop());

const LISTS = [
  'orders',
  'orders/o1/timeline',
  'inventory/items',
  'inventory/items/mug/movements',
  'sales/daily',
  'sales/products',
  'sales/customers',
  'payments?status=requested',
  'shipments',
  'customers',
  'inventory/items?maxAvailable=10&retired=any',
];
const list = fc.constantFrom(...LISTS);
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
const asked = async (path: string, parameter: string, value: string) => {
  const encoded = new URLSearchParams({ [parameter]: value });
  return (await api.get(`/api/v1/${path}${path.includes('?') ? '&' : '?'}${encoded}`, 'operator')).status;
};

it('an arbitrary cursor gets 200 or 400', async () => {
  const names = await Promise.all(
    LISTS.map(async (path) => {
      const { next } = (await api.get(`/api/v1/${path}${path.includes('?') ? '&' : '?'}limit=1`, 'operator'))
        .body;
      return next === null ? '' : JSON.parse(Buffer.from(next, 'base64url').toString())[0];
    }),
  );
  const forged = fc
    .tuple(fc.oneof(fc.constantFrom(...names), text), fc.array(fc.oneof(text, fc.jsonValue())))
    .map(([of, after]) => Buffer.from(JSON.stringify([of, ...after])).toString('base64url'));
  await fc.assert(
    fc.asyncProperty(list, fc.oneof(text, forged, fc.base64String()), async (path, cursor) => {
      expect([200, 400]).toContain(await asked(path, 'cursor', cursor));
    }),
  );
});

it('arbitrary fields get 200 or 400', async () => {
  const names = [
    ...Object.keys(OrderDocument.shape),
    ...Object.keys(SalesOfProductResponse.shape),
    '__proto__',
    'constructor',
  ];
  const fields = fc.array(fc.oneof(fc.constantFrom(...names), text)).map((parts) => parts.join(','));
  const path = fc.oneof(list, fc.constantFrom('orders/o1', 'inventory/items/mug', 'customers/ann'));
  await fc.assert(
    fc.asyncProperty(path, fields, async (where, value) => {
      expect([200, 400]).toContain(await asked(where, 'fields', value));
    }),
  );
});

it('a cursor continues where its page ended', () => {
  const key = fc.string({ unit: 'grapheme-composite' });
  fc.assert(
    fc.property(fc.array(key), fc.array(fc.option(key, { nil: undefined })), (after, filters) => {
      const scope = { list: 'orders', filters, keys: after.length };
      expect(decodeCursor(scope, encodeCursor(scope, after))).toEqual(after);
    }),
  );
});

it('the query API responds to arbitrary bytes without an unexpected error', async () => {
  const paths = [...LISTS, 'orders/o1', 'payments/o1', 'projections', 'customers/ann'].map(
    (path) => `/api/v1/${path}`,
  );
  await expectNoUnexpectedErrors({
    port: api.port,
    paths: [...paths, '/health/ready'],
    token: api.token('operator'),
  });
});
