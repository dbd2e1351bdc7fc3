import { describe, expect, it } from 'vitest';
import {
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderRejected,
  orderShipped,
  paymentCaptured,
  paymentRefunded,
} from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { customersProjection } from './projection.ts';

describe('the read model customers', () => {
  it('counts orders by status and sums up the money spent', () => {
    expect(bodies(fold(customersProjection, story().events)).ann).toEqual({
      customerId: 'ann',
      orders: 4,
      byStatus: { placed: 1, confirmed: 0, shipped: 1, delivered: 0, rejected: 1, cancelled: 1 },
      spent: [{ amount: '765', currency: 'GBP' }],
      firstOrderAt: '2026-02-27T10:00:00.000Z',
      lastOrderAt: '2026-03-01T12:00:00.000Z',
    });
  });

  it('keeps the figures of customers apart', () => {
    const log = story();
    log.record('order-o9', orderPlaced('o9', [['mug', 1, 255]], { customer: 'bob' }));

    expect(bodies(fold(customersProjection, log.events)).bob).toMatchObject({
      orders: 1,
      byStatus: { placed: 1, cancelled: 0 },
      spent: [],
    });
  });

  it('keeps a customer apart whose id looks like the id of an order document', () => {
    const log = story();
    log.record('order-o8', orderPlaced('o8', [['mug', 1, 255]], { customer: 'order:o1' }));
    log.record('order-o9', orderPlaced('o9', [['mug', 1, 255]], { customer: 'o1' }));

    const folded = bodies(fold(customersProjection, log.events));
    expect(folded['order:o1']).toMatchObject({ customerId: 'order:o1', orders: 1 });
    expect(folded.ann).toMatchObject({ orders: 4 });
  });

  it('accepts events in any order', () => {
    expect(bodies(fold(customersProjection, story().events.toReversed())).ann).toBeDefined();
  });

  it('produces the same documents after a crash', () => {
    const { events } = story();

    expect(fold(customersProjection, events)).toEqual(fold(customersProjection, events));
    expect(differencesAfterCrashes(customersProjection, events)).toEqual([]);
  });
});

function story(): TestLog {
  const log = new TestLog();
  log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));
  log.record('order-o2', orderPlaced('o2', [['mug', 1, 255]], { placedAt: '2026-02-27T10:00:00.000Z' }));
  log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
  log.record('order-o1', orderConfirmed('o1'));
  log.record('payment-o2', paymentCaptured('o2', 255, '2026-03-01T12:30:00.000Z'));
  log.record('order-o2', orderConfirmed('o2'));
  log.record('order-o1', orderShipped('o1'));
  log.record('order-o2', orderCancelled('o2'));
  log.record('payment-o2', paymentRefunded('o2', 255, '2026-03-02T08:00:00.000Z'));
  log.record('order-o3', orderPlaced('o3', [['mug', 99, 255]]));
  log.record('order-o3', orderRejected('o3'));
  log.record('order-o4', orderPlaced('o4', [['mug', 1, 255]]));
  return log;
}
