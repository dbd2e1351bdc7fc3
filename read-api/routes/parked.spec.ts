import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ParkedKind, ParkingEvent, ParkReason } from '../../domain/parking/events.ts';
import { ParkedItem } from '../../projections/parked/document.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../testing/harness.ts';

const id = (number: number) => `${number}`.padStart(24, '0');
const parked = (number: number, orderId: string, kind: ParkedKind, reason: ParkReason): ParkingEvent => ({
  type: 'ItemParked',
  data: {
    itemId: id(number),
    subject: { group: 'fulfilment', kind, stream: `fulfilment-${orderId}`, orderId },
    reason,
    detail: 'broken',
    parkedAt: '2026-03-01T12:00:00.000Z',
  },
});

let api: QueryApiHarness;
beforeAll(async () => {
  const log = new TestLog();
  log.record('parking-list', parked(1, 'o-1', 'event', 'permanent-error'));
  log.record('parking-list', parked(2, 'o-2', 'deadline', 'worker-crashed'));
  log.record('parking-list', parked(3, 'o-1', 'deadline', 'permanent-error'));
  log.record('parking-list', parked(4, 'o-1', 'deadline', 'permanent-error'));
  log.record('parking-list', { type: 'ParkedItemResolved', data: { itemId: id(4) } });
  api = await QueryApiHarness.start(log);
});
afterAll(() => api.stop());

const list = (query = '') => api.get(`/api/v1/parked${query}`, 'operator');
const idsOf = async (query = '') => (await list(query)).body.items.map((item: { id: string }) => item.id);

it('the list of parked items begins with the item that was parked last', async () => {
  const { status, body } = await list();
  expect(status).toBe(200);
  expect(body.items.map((item: unknown) => ParkedItem.parse(item).id)).toEqual([id(3), id(2), id(1)]);
  expect(body.next).toBeNull();
});

it('the list of parked items is filtered by reason, kind and order', async () => {
  expect(await idsOf('?reason=worker-crashed')).toEqual([id(2)]);
  expect(await idsOf('?kind=deadline')).toEqual([id(3), id(2)]);
  expect(await idsOf('?orderId=o-1')).toEqual([id(3), id(1)]);
  expect(await idsOf('?orderId=o-1&kind=event&reason=permanent-error')).toEqual([id(1)]);
  expect(await idsOf('?orderId=o-9')).toEqual([]);
});

it('a filtered list of parked items is read page by page', async () => {
  const first = await list('?kind=deadline&limit=1');
  expect(first.body.items).toMatchObject([{ id: id(3) }]);
  const rest = await list(`?kind=deadline&limit=1&cursor=${first.body.next}`);
  expect(rest.body).toMatchObject({ items: [{ id: id(2) }], next: null });
  expect((await list(`?kind=event&cursor=${first.body.next}`)).status).toBe(400);
});

it('a single parked item is shown until it is resolved', async () => {
  const { status, body, headers } = await list(`/${id(1)}`);
  expect([status, body.orderId, body.status]).toEqual([200, 'o-1', 'parked']);
  const etag = String(headers.etag);
  expect((await api.get(`/api/v1/parked/${id(1)}`, 'operator', { 'if-none-match': etag })).status).toBe(304);
  expect((await list(`/${id(4)}`)).status).toBe(404);
  expect((await list(`/${id(9)}`)).status).toBe(404);
});

it.each(['?reason=broken', '?kind=order', '?orderId=', '?status=parked', '/x'])(
  'the list of parked items rejects %s with 400',
  async (query) => {
    expect((await list(query)).status).toBe(400);
  },
);

it('queries of parked items are for operators only', async () => {
  expect((await api.get('/api/v1/parked', 'customer')).status).toBe(403);
  expect((await api.get(`/api/v1/parked/${id(1)}`, 'customer')).status).toBe(403);
});
