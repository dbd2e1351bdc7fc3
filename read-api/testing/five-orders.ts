import {
  orderConfirmed,
  orderPlaced,
  orderRejected,
  orderShipped,
  paymentCaptured,
  paymentRequested,
  productCreated,
  reservation,
  shipmentDispatched,
  shipmentRequested,
} from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';

/** Returns the events of five orders, o1 to o5, by ann and bob: o1 is shipped, o3 rejected, the others placed. */
export function fiveOrders(): TestLog {
  const log = new TestLog();
  log.record('product-mug', productCreated('mug', 'Mug'));
  log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o1', 3));
  log.record('payment-o1', paymentRequested('o1', 765));
  log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
  log.record('order-o1', orderConfirmed('o1'));
  log.record('shipment-o1', shipmentRequested('o1'));
  log.record('shipment-o1', shipmentDispatched('o1'));
  log.record('order-o1', orderShipped('o1'));
  log.record('order-o2', orderPlaced('o2', [['mug', 1, 255]], { customer: 'bob' }));
  log.record('order-o3', orderPlaced('o3', [['mug', 9, 255]]));
  log.record('order-o3', orderRejected('o3'));
  const placedAt = '2026-03-02T09:00:00.000Z';
  log.record('order-o5', orderPlaced('o5', [['mug', 1, 255]], { placedAt }));
  log.record('order-o4', orderPlaced('o4', [['mug', 1, 255]], { customer: 'bob', placedAt }));
  return log;
}
