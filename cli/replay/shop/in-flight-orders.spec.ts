import { describe, expect, it } from 'vitest';
import { watchInFlight } from './in-flight-orders.ts';
import type { ShopOrder } from './shop-order.ts';

const order = (status: string, shipment?: string): ShopOrder => ({
  orderId: 'o1',
  status,
  total: { amount: 100, currency: 'GBP' },
  items: [],
  updatedAt: '2026-03-01T12:00:00.000Z',
  ...(shipment && { shipment: { status: shipment } }),
});

describe('watching orders in flight', () => {
  it('says that orders wait for dispatch, and who dispatches them with CARRIER=manual', () => {
    const said: string[] = [];
    const watch = watchInFlight((text) => said.push(text), 0);
    watch.seen('o1', order('confirmed', 'requested'));
    watch.seen('o2', order('placed'));
    expect(said.at(-1)).toBe(
      '1 orders wait for dispatch (with CARRIER=manual an operator dispatches each: ' +
        'POST /api/v1/shipments/ORDER/dispatch); 1 orders wait for stock, payment or the process managers',
    );
  });

  it('says nothing while orders come to rest', () => {
    const said: string[] = [];
    const watch = watchInFlight((text) => said.push(text), 60_000);
    watch.seen('o1', order('placed'));
    watch.gone('o1');
    watch.seen('o2', order('placed'));
    expect(said).toEqual([]);
  });
});
