import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ShipmentDocument } from '../../projections/shipments/document.ts';
import {
  orderPlaced,
  shipmentCancelled,
  shipmentDispatched,
  shipmentRequested,
} from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { shopLog } from '../testing/shop-log.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(shopLog());
});
afterAll(() => api.stop());

describe('the list of shipments', () => {
  let own: QueryApiHarness;
  beforeAll(async () => {
    const log = new TestLog();
    for (const id of ['o1', 'o2', 'o3', 'o4']) log.record(`order-${id}`, orderPlaced(id, [['mug', 1, 255]]));
    for (const id of ['o3', 'o1', 'o2']) log.record(`shipment-${id}`, shipmentRequested(id));
    log.record('shipment-o4', shipmentCancelled('o4'));
    log.record('shipment-o1', shipmentDispatched('o1'));
    own = await QueryApiHarness.start(log);
  });
  afterAll(() => own.stop());

  it.each([
    ['', ['o3', 'o1', 'o2', 'o4']],
    ['?sort=oldest', ['o3', 'o1', 'o2', 'o4']],
    ['?sort=newest', ['o4', 'o2', 'o1', 'o3']],
    ['?status=requested', ['o3', 'o2']],
    ['?status=requested&sort=newest', ['o2', 'o3']],
    ['?status=cancelled', ['o4']],
    ['?status=delivered', []],
  ])('lists the shipments of %s, by default the oldest request first', async (query, expected) => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const path = `/api/v1/shipments${query}${query === '' ? '?' : '&'}limit=1${cursor}`;
      const { status, body } = await own.get(path, 'operator');
      expect([status, pageOf(ShipmentDocument).safeParse(body).success]).toEqual([200, true]);
      seen.push(...body.items.map(({ orderId }: { orderId: string }) => orderId));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual(expected);
  });

  it('is for operators only, and rejects an unknown status', async () => {
    expect((await own.get('/api/v1/shipments', 'customer:ann')).status).toBe(403);
    for (const query of ['status=lost', 'status=', 'sort=first', 'customerId=ann'])
      expect((await own.get(`/api/v1/shipments?${query}`, 'operator')).status).toBe(400);
  });
});
