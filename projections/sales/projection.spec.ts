import { describe, expect, test } from 'vitest';
import { orderPlaced, paymentCaptured, paymentRefunded } from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { salesProjection } from './projection.ts';

describe('sales', () => {
  test('what was captured on a day, by the UTC day of capture', () => {
    const documents = bodies(fold(salesProjection, story().events));

    expect(documents['day:2026-03-01:GBP']).toEqual({
      date: '2026-03-01',
      orders: 2,
      units: 5,
      revenue: { amount: 1275, currency: 'GBP' },
    });
  });

  test('a refund is taken off on its own day', () => {
    const documents = bodies(fold(salesProjection, story().events));

    expect(documents['day:2026-03-02:GBP']).toEqual({
      date: '2026-03-02',
      orders: -1,
      units: -2,
      revenue: { amount: -510, currency: 'GBP' },
    });
  });

  test('an order that was not paid is in no day', () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));

    expect(bodies(fold(salesProjection, log.events))).toEqual({ 'order:o1': { ordered: 3 } });
  });

  test('a capture of an order that nobody placed counts no units', () => {
    const log = new TestLog();
    log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T23:59:59.999Z'));

    expect(bodies(fold(salesProjection, log.events))).toMatchObject({
      'day:2026-03-01:GBP': { orders: 1, units: 0 },
    });
  });

  test('folded twice, and after a crash anywhere, it is the same', () => {
    const { events } = story();

    expect(fold(salesProjection, events)).toEqual(fold(salesProjection, events));
    expect(differencesAfterCrashes(salesProjection, events)).toEqual([]);
  });
});

function story(): TestLog {
  const log = new TestLog();
  log.record(
    'order-o1',
    orderPlaced('o1', [
      ['mug', 1, 255],
      ['tray', 2, 255],
    ]),
  );
  log.record('order-o2', orderPlaced('o2', [['mug', 2, 255]]));
  log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
  log.record('payment-o2', paymentCaptured('o2', 510, '2026-03-01T23:59:59.999Z'));
  log.record('payment-o2', paymentRefunded('o2', 510, '2026-03-02T00:00:00.000Z'));
  return log;
}
