import { describe, expect, it } from 'vitest';
import { orderId, productId } from '../../domain/kernel/ids.ts';
import { orderPlaced, reservation, stockReceived } from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { movementsProjection } from './projection.ts';

describe('the read model movements', () => {
  it('writes one document for each event of the stock', () => {
    expect(Object.values(bodies(fold(movementsProjection, story().events)))).toEqual([
      {
        productId: 'mug',
        position: '00000000000000000100:00000000000000000100',
        type: 'StockReceived',
        quantity: 10,
        at: '2026-03-01T12:00:01.000Z',
        revision: '0',
      },
      {
        productId: 'mug',
        position: '00000000000000000300:00000000000000000300',
        type: 'StockReserved',
        quantity: 3,
        orderId: 'o1',
        at: '2026-03-01T12:00:03.000Z',
        revision: '1',
      },
      {
        productId: 'mug',
        position: '00000000000000000400:00000000000000000400',
        type: 'StockAdjusted',
        quantity: -2,
        reason: 'broken',
        at: '2026-03-01T12:00:04.000Z',
        revision: '2',
      },
      {
        productId: 'mug',
        position: '00000000000000000500:00000000000000000500',
        type: 'StockReservationRefused',
        quantity: 0,
        orderId: 'o2',
        reason: 'short',
        requested: 9,
        available: 5,
        at: '2026-03-01T12:00:05.000Z',
        revision: '3',
      },
    ]);
  });

  it('only adds documents, and the same ones after a crash', () => {
    expect(movementsProjection.growsOnly).toBe(true);
    expect(differencesAfterCrashes(movementsProjection, story().events)).toEqual([]);
  });
});

function story(): TestLog {
  const log = new TestLog();
  log.record('inventory-mug', stockReceived('mug', 10));
  log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o1', 3));
  log.record('inventory-mug', {
    type: 'StockAdjusted',
    data: { productId: productId('mug'), quantity: -2, reason: 'broken' },
  });
  log.record('inventory-mug', {
    type: 'StockReservationRefused',
    data: {
      productId: productId('mug'),
      orderId: orderId('o2'),
      orderPosition: '100',
      requested: 9,
      available: 5,
      cause: 'short',
    },
  });
  return log;
}
