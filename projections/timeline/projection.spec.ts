import { describe, expect, it } from 'vitest';
import { fulfilmentEvents } from '../../domain/fulfilment/events.ts';
import { inventoryEvents } from '../../domain/inventory/events.ts';
import { orderEvents } from '../../domain/order/events.ts';
import { paymentEvents } from '../../domain/payment/events.ts';
import { productEvents } from '../../domain/product/events.ts';
import { shipmentEvents } from '../../domain/shipment/events.ts';
import {
  orderPlaced,
  paymentRequested,
  productCreated,
  reservation,
  shipmentRequested,
  stockReceived,
} from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { timelineProjection } from './projection.ts';
import { entryOf } from './stored-entry.ts';

/** Position 400. */
const FOURTH = '2b4~';

describe('the read model timeline', () => {
  it('contains every event that names an order, in log order', () => {
    const documents = Object.values(bodies(fold(timelineProjection, story().events))).map(entryOf);

    expect(documents.map(({ orderId, type, stream, revision }) => [orderId, type, stream, revision])).toEqual(
      [
        ['o1', 'OrderPlaced', 'order-o1', '0'],
        ['o1', 'StockReserved', 'inventory-mug', '1'],
        ['o2', 'StockReserved', 'inventory-mug', '2'],
        ['o1', 'PaymentRequested', 'payment-o1', '0'],
        ['o1', 'ShipmentRequested', 'shipment-o1', '0'],
      ],
    );
  });

  it('shows type, data, time and causation of an event', () => {
    const document = bodies(fold(timelineProjection, story().events))[FOURTH];

    expect(document && entryOf(document)).toEqual({
      orderId: 'o1',
      position: '00000000000000000400:00000000000000000400',
      id: 'event-4',
      type: 'StockReserved',
      stream: 'inventory-mug',
      revision: '1',
      at: '2026-03-01T12:00:04.000Z',
      data: { productId: 'mug', orderId: 'o1', orderPosition: '100', quantity: 3 },
      causationId: 'cause-of-4',
    });
  });

  it('stores an entry in short form, with its log position as id', () => {
    const documents = bodies(fold(timelineProjection, story().events));

    expect(documents[FOURTH]).toEqual({
      orderId: 'o1',
      position: FOURTH,
      e: 'StockReserved',
      s: 'inventory-mug',
      r: '1',
      t: Date.UTC(2026, 2, 1, 12, 0, 4),
      d: { productId: 'mug', orderId: '~1', orderPosition: '100', quantity: 3 },
      c: 'cause-of-4',
      i: 'event-4',
    });
  });

  it('uses every event type that names an order', () => {
    const definitions = [
      ...orderEvents,
      ...productEvents,
      ...inventoryEvents,
      ...paymentEvents,
      ...shipmentEvents,
      ...fulfilmentEvents,
    ];
    const ofOrders = definitions.filter(({ schema }) => 'orderId' in schema.shape).map(({ type }) => type);

    expect([...(timelineProjection.eventTypes ?? [])].sort()).toEqual(ofOrders.sort());
  });

  it('only adds documents, and folds to the same ones after a crash', () => {
    expect(timelineProjection.growsOnly).toBe(true);
    expect(differencesAfterCrashes(timelineProjection, story().events)).toEqual([]);
  });
});

function story(): TestLog {
  const log = new TestLog();
  log.record('product-mug', productCreated('mug', 'Mug'));
  log.record('inventory-mug', stockReceived('mug', 10));
  log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o1', 3));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o2', 1));
  log.record('payment-o1', paymentRequested('o1', 765));
  log.record('shipment-o1', shipmentRequested('o1'));
  return log;
}
