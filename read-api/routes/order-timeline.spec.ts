import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TimelineResponse } from '../../projections/timeline/document.ts';
import { fiveOrders } from '../testing/five-orders.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(fiveOrders());
});
afterAll(() => api.stop());

describe('GET /api/v1/orders/:orderId/timeline', () => {
  it('lists the events of all streams of the order, in log order', async () => {
    const { status, body } = await api.get('/api/v1/orders/o1/timeline', 'operator');

    expect(status).toBe(200);
    expect(pageOf(TimelineResponse).parse(body)).toEqual(body);
    expect(body.items.map(({ type }: { type: string }) => type)).toEqual([
      'OrderPlaced',
      'StockReserved',
      'PaymentRequested',
      'PaymentCaptured',
      'OrderConfirmed',
      'ShipmentRequested',
      'ShipmentDispatched',
      'OrderShipped',
    ]);
    expect(body.items[1]).toEqual({
      id: 'event-3',
      type: 'StockReserved',
      stream: 'inventory-mug',
      revision: '0',
      at: '2026-03-01T12:00:03.000Z',
      data: { productId: 'mug', orderId: 'o1', orderPosition: '100', quantity: 3 },
      causationId: 'cause-of-3',
    });
  });

  it('shows payment tokens to staff only', async () => {
    const own = await api.get('/api/v1/orders/o1/timeline', 'customer:ann');
    expect(own.body.items).toHaveLength(8);
    expect(JSON.stringify(own.body)).not.toMatch(/tok_|paymentToken/);
    expect(own.body.items[2].data).toMatchObject({ amount: { amount: 765, currency: 'GBP' } });

    const all = await api.get('/api/v1/orders/o1/timeline', 'operator');
    expect(all.body.items[0].data.paymentToken).toBe('tok_secret');
  });

  it('lists the events page by page, and never to another customer', async () => {
    const first = await api.get('/api/v1/orders/o1/timeline?limit=5', 'customer:ann');
    const path = `/api/v1/orders/o1/timeline?limit=5&cursor=${first.body.next}`;
    const second = await api.get(path, 'customer:ann');

    expect(second.body.items.map(({ type }: { type: string }) => type)).toEqual([
      'ShipmentRequested',
      'ShipmentDispatched',
      'OrderShipped',
    ]);
    expect(second.body.next).toBeNull();
    expect((await api.get(path, 'customer:bob')).status).toBe(404);
  });

  it('is 404 for an unknown order and for the order of another customer', async () => {
    expect((await api.get('/api/v1/orders/o1/timeline', 'customer:bob')).status).toBe(404);
    expect((await api.get('/api/v1/orders/o7/timeline', 'operator')).status).toBe(404);
    expect((await api.get('/api/v1/orders/$all/timeline', 'operator')).status).toBe(400);
  });
});
