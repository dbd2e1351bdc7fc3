import { describe, expect, it } from 'vitest';
import { orderPlaced, paymentCaptured, paymentRefunded } from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { bucketId } from './document.ts';
import { BUCKETS, bucketOf } from './product-buckets.ts';
import { salesProjection } from './projection.ts';

describe('the read model sales', () => {
  it('sums up captures by UTC day', () => {
    const documents = bodies(fold(salesProjection, story().events));

    expect(documents['day:2026-03-01:GBP']).toEqual({
      date: '2026-03-01',
      orders: 2,
      units: 5,
      revenue: { amount: '1275', currency: 'GBP' },
    });
  });

  it('subtracts a refund on its own day', () => {
    const documents = bodies(fold(salesProjection, story().events));

    expect(documents['day:2026-03-02:GBP']).toEqual({
      date: '2026-03-02',
      orders: -1,
      units: -2,
      revenue: { amount: '-510', currency: 'GBP' },
    });
    expect(documents['customer:2026-03-02:GBP:bob']).toMatchObject({ orders: -1, units: -2, amount: '-510' });
    expect(documents[bucketOfMug('2026-03-02')]).toMatchObject({
      products: [{ productId: 'mug', orders: -1, units: -2, amount: '-510' }],
    });
  });

  it('sums up sales by customer, and by product with its latest name', () => {
    const documents = bodies(fold(salesProjection, story().events));

    expect(documents['customer:2026-03-01:GBP:ann']).toEqual({
      kind: 'customer',
      customerId: 'ann',
      day: '2026-03-01',
      currency: 'GBP',
      orders: 1,
      units: 3,
      amount: '765',
    });
    expect(documents[bucketOfMug('2026-03-01')]).toEqual({
      kind: 'products',
      shelf: bucketOf('mug'),
      day: '2026-03-01',
      currency: 'GBP',
      products: [{ productId: 'mug', name: 'the mug', orders: 2, units: 3, amount: '765' }],
    });
  });

  it('ignores an order that was not paid', () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));

    expect(bodies(fold(salesProjection, log.events))).toEqual({
      'order:o1': {
        kind: 'order',
        lines: [{ productId: 'mug', name: 'the mug', units: 3, amount: '765' }],
      },
    });
  });

  it('counts no units for a capture without an order', () => {
    const log = new TestLog();
    log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T23:59:59.999Z'));

    expect(bodies(fold(salesProjection, log.events))).toMatchObject({
      'day:2026-03-01:GBP': { orders: 1, units: 0 },
    });
  });

  it('produces the same documents after a crash', () => {
    const { events } = story();

    expect(fold(salesProjection, events)).toEqual(fold(salesProjection, events));
    expect(differencesAfterCrashes(salesProjection, events)).toEqual([]);
  });
});

it('the sales of products are spread over all buckets, each product always in the same one', () => {
  const products = Array.from({ length: 2_000 }, (_, number) => `${20_000 + number}A`);

  expect(new Set(products.map(bucketOf)).size).toBe(BUCKETS);
  expect(['mug', '85123A', 'red mug.2'].map(bucketOf)).toEqual([48, 41, 11]);
});

const bucketOfMug = (date: string) => bucketId(date, 'GBP', bucketOf('mug'));

function story(): TestLog {
  const log = new TestLog();
  log.record(
    'order-o1',
    orderPlaced('o1', [
      ['mug', 1, 255],
      ['tray', 2, 255],
    ]),
  );
  log.record('order-o2', orderPlaced('o2', [['mug', 2, 255]], { customer: 'bob' }));
  log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
  log.record('payment-o2', paymentCaptured('o2', 510, '2026-03-01T23:59:59.999Z', 'bob'));
  log.record('payment-o2', paymentRefunded('o2', 510, '2026-03-02T00:00:00.000Z', 'bob'));
  return log;
}
