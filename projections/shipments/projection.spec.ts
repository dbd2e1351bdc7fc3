import { describe, expect, it } from 'vitest';
import {
  exceptionRecorded,
  ofOrder,
  shipmentCancelled,
  shipmentDispatched,
  shipmentRequested,
} from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { shipmentsProjection } from './projection.ts';

const shipment = (log: TestLog) => bodies(fold(shipmentsProjection, log.events)).o1;

describe('the read model shipments', () => {
  it('shows a requested, dispatched and delivered shipment', () => {
    expect(shipment(delivered())).toEqual({
      orderId: 'o1',
      customerId: 'ann',
      status: 'delivered',
      carrier: 'Post',
      trackingNumber: 'T1',
      openedAt: '2026-03-01T12:00:01.000Z',
      requestedAt: '2026-03-01T12:00:01.000Z',
      dispatchedAt: '2026-03-01T13:00:00.000Z',
      deliveredAt: '2026-03-02T09:00:00.000Z',
      updatedAt: '2026-03-01T12:00:03.000Z',
      revision: '2',
    });
  });

  it('shows a shipment that was cancelled before it was requested', () => {
    const log = new TestLog();
    log.record('shipment-o1', shipmentCancelled('o1'));

    expect(shipment(log)).toEqual({
      orderId: 'o1',
      customerId: 'ann',
      status: 'cancelled',
      openedAt: '2026-03-01T12:00:01.000Z',
      cancellation: { cancelledBy: 'ann', cancelledAt: '2026-03-01T12:00:01.000Z' },
      updatedAt: '2026-03-01T12:00:01.000Z',
      revision: '0',
    });
  });

  it('shows exceptions of the carrier, and its response to a recall', () => {
    const log = new TestLog();
    log.record('shipment-o1', shipmentCancelled('o1'));
    log.record('fulfilment-o1', exceptionRecorded('o1'));
    log.record('shipment-o1', {
      type: 'ShipmentRecalled',
      data: { ...ofOrder('o1'), outcome: 'returning', recalledAt: '2026-03-01T14:00:00.000Z' },
    });

    expect(shipment(log)).toMatchObject({
      status: 'cancelled',
      exceptions: [
        {
          kind: 'dispatched-after-cancel',
          at: '2026-03-01T13:00:00.000Z',
          detail: 'Post took the parcel T1 after the shipment was cancelled',
          parkedId: expect.stringMatching(/^[0-9a-f]{24}$/),
        },
      ],
      recall: { outcome: 'returning', at: '2026-03-01T14:00:00.000Z' },
      updatedAt: '2026-03-01T12:00:03.000Z',
      revision: '1',
    });
  });

  it('creates no shipment for an exception of an order without one', () => {
    const log = new TestLog();
    log.record('fulfilment-o1', exceptionRecorded('o1'));
    expect(shipment(log)).toBeUndefined();
  });

  it('accepts events in any order, and produces the same documents after a crash', () => {
    const { events } = delivered();

    expect(bodies(fold(shipmentsProjection, events.toReversed())).o1).toBeDefined();
    expect(differencesAfterCrashes(shipmentsProjection, events)).toEqual([]);
  });
});

function delivered(): TestLog {
  const log = new TestLog();
  log.record('shipment-o1', shipmentRequested('o1'));
  log.record('shipment-o1', shipmentDispatched('o1'));
  log.record('shipment-o1', {
    type: 'ShipmentDelivered',
    data: { ...ofOrder('o1'), deliveredAt: '2026-03-02T09:00:00.000Z' },
  });
  return log;
}
