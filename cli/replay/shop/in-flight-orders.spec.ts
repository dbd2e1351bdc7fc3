import { describe, expect, it } from 'vitest';
import { watchOrdersInFlight } from './in-flight-orders.ts';
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
    const printed: string[] = [];
    const watch = watchOrdersInFlight((text) => printed.push(text), 0);
    watch.update('o1', order('confirmed', 'requested'));
    watch.update('o2', order('placed'));
    expect(printed.at(-1)).toBe(
      '1 orders wait for dispatch (with CARRIER=manual an operator dispatches each: ' +
        'POST /api/v1/shipments/ORDER/dispatch); 1 orders wait for stock, payment or the process managers',
    );
  });

  it('says nothing while orders come to rest', () => {
    const printed: string[] = [];
    const watch = watchOrdersInFlight((text) => printed.push(text), 60_000);
    watch.update('o1', order('placed'));
    watch.remove('o1');
    watch.update('o2', order('placed'));
    expect(printed).toEqual([]);
  });
});
