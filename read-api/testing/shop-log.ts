import {
  orderPlaced,
  paymentCaptured,
  paymentRefunded,
  paymentRequested,
  shipmentRequested,
} from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';

/** Returns the log of a small shop: two orders of two customers with payments, one refunded, and open payments. */
export function shopLog(): TestLog {
  const log = new TestLog();
  log.record(
    'order-o1',
    orderPlaced('o1', [
      ['mug', 3, 255],
      ['tray', 2, 50],
    ]),
  );
  log.record('payment-o1', paymentRequested('o1', 865));
  log.record('payment-o1', paymentCaptured('o1', 865, '2026-03-01T12:30:00.000Z'));
  log.record('shipment-o1', shipmentRequested('o1'));
  log.record('order-o2', orderPlaced('o2', [['mug', 1, 255]], { customer: 'bob' }));
  const encoded = { customer: 'auth0|eve+1@example.com' };
  log.record('order-o9', orderPlaced('o9', [['mug', 1, 255]], encoded));
  log.record('payment-o2', paymentCaptured('o2', 255, '2026-03-02T00:00:00.000Z', 'bob'));
  log.record('payment-o2', paymentRefunded('o2', 255, '2026-03-03T00:00:00.000Z', 'bob'));
  for (const id of ['o3', 'o4']) log.record(`payment-${id}`, paymentRequested(id, 255, 'cleo'));
  return log;
}
