import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PaymentDocument } from '../../projections/payments/document.ts';
import { ShipmentDocument } from '../../projections/shipments/document.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { shopLog } from '../testing/shop-log.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(shopLog());
});
afterAll(() => api.stop());

describe('the payment and the shipment of an order', () => {
  it('are returned to the customer of the order, without the payment token', async () => {
    const payment = await api.get('/api/v1/payments/o1', 'customer:ann');
    expect(payment.status).toBe(200);
    expect(PaymentDocument.parse(payment.body)).toEqual(payment.body);
    expect(payment.body).toMatchObject({ status: 'captured', amount: { amount: 865, currency: 'GBP' } });
    expect(JSON.stringify(payment.body)).not.toContain('tok_');

    const shipment = await api.get('/api/v1/shipments/o1', 'customer:ann');
    expect(shipment.status).toBe(200);
    expect(ShipmentDocument.parse(shipment.body)).toEqual(shipment.body);
    expect(shipment.body).toMatchObject({ status: 'requested' });
  });

  it.each(['payments', 'shipments'])(
    '%s: 404 for another customer and for an unknown order, 400 for an invalid id, 304 for the current ETag',
    async (resource) => {
      const path = `/api/v1/${resource}/o1`;

      expect((await api.get(path, 'customer:bob')).status).toBe(404);
      expect((await api.get(`/api/v1/${resource}/o7`, 'operator')).status).toBe(404);
      expect((await api.get(`/api/v1/${resource}/$all`, 'operator')).status).toBe(400);
      const etag = String((await api.get(path, 'operator')).headers.etag);
      expect((await api.get(path, 'operator', { 'if-none-match': etag })).status).toBe(304);
    },
  );
});

describe('the list of payments of a status', () => {
  const listed = (query: string, role = 'operator') => api.get(`/api/v1/payments${query}`, role);

  it('is sorted by the time since which a payment has the status, oldest first, in pages', async () => {
    const first = await listed('?status=requested&limit=1');
    expect(pageOf(PaymentDocument).parse(first.body).items).toMatchObject([
      { orderId: 'o3', status: 'requested' },
    ]);
    const second = await listed(`?status=requested&limit=1&cursor=${first.body.next}`);
    expect(second.body).toMatchObject({ items: [{ orderId: 'o4' }], next: null });
    expect((await listed('?status=captured')).body.items).toMatchObject([{ orderId: 'o1' }]);
    expect((await listed(`?status=captured&cursor=${first.body.next}`)).status).toBe(400);
  });

  it('is for operators only, and requires one known status', async () => {
    expect((await listed('?status=requested', 'customer:ann')).status).toBe(403);
    for (const query of ['', '?status=lost', '?status=requested&status=captured', '?status=failed&limit=0'])
      expect([query, (await listed(query)).status]).toEqual([query, 400]);
  });
});
