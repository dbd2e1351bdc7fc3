import { describe, it } from 'vitest';
import { customerId, orderId } from '../kernel/ids.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { ShipmentCommand } from './commands.ts';
import { shipmentDecider } from './decider.ts';
import {
  ShipmentAlreadyCancelled,
  ShipmentAlreadyDispatched,
  ShipmentNotDispatched,
  ShipmentNotRequested,
} from './errors.ts';
import { type ShipmentEvent, shipmentEvents } from './events.ts';

const { given } = specOf(shipmentDecider, shipmentEvents);

const owner = { orderId: orderId('o-1'), customerId: customerId('17850') };
const request: ShipmentCommand = { type: 'RequestShipment', ...owner };
const requested: ShipmentEvent = { type: 'ShipmentRequested', data: owner };
const parcel = { carrier: 'Royal Mail', trackingNumber: 'RM1', dispatchedAt: '2010-12-01T12:00:00.000Z' };
const dispatch: ShipmentCommand = { type: 'DispatchShipment', ...parcel };
const dispatched: ShipmentEvent = { type: 'ShipmentDispatched', data: { ...owner, ...parcel } };
const deliver: ShipmentCommand = { type: 'DeliverShipment', deliveredAt: '2010-12-03T10:00:00.000Z' };
const delivered: ShipmentEvent = {
  type: 'ShipmentDelivered',
  data: { ...owner, deliveredAt: '2010-12-03T10:00:00.000Z' },
};
const cancel: ShipmentCommand = {
  type: 'CancelShipment',
  ...owner,
  reason: 'too late',
  cancelledBy: '17850',
};
const cancelled: ShipmentEvent = {
  type: 'ShipmentCancelled',
  data: { ...owner, reason: 'too late', cancelledBy: '17850' },
};

describe('requesting a shipment', () => {
  it('has no effect when it is repeated', () => {
    given().when(request).then(requested);
    given(requested).when(request).thenNothing();
    given(requested, dispatched).when(request).thenNothing();
  });
  it('has no effect after a cancellation', () => given(cancelled).when(request).thenNothing());
});

describe('dispatching a shipment', () => {
  it('is accepted after the request', () => given(requested).when(dispatch).then(dispatched));
  it('has no effect when it is repeated at another time', () => {
    const later = { ...dispatch, dispatchedAt: '2010-12-01T12:00:01.000Z' };
    given(requested, dispatched).when(later).thenNothing();
    given(requested, dispatched, delivered).when(later).thenNothing();
  });
  it('is rejected with another number or another carrier', () => {
    const first = { carrier: 'Royal Mail', trackingNumber: 'RM1' };
    given(requested, dispatched)
      .when({ ...dispatch, trackingNumber: 'RM2' })
      .thenRejects(ShipmentAlreadyDispatched, first);
    given(requested, dispatched)
      .when({ ...dispatch, carrier: 'DHL' })
      .thenRejects(ShipmentAlreadyDispatched, first);
  });
  it('is rejected before the request and after a cancellation', () => {
    given().when(dispatch).thenRejects(ShipmentNotRequested, { code: 'shipment-not-requested' });
    given(requested, cancelled).when(dispatch).thenRejects(ShipmentAlreadyCancelled, { orderId: 'o-1' });
  });
});

describe('delivering a shipment', () => {
  it('is accepted once, after the dispatch', () => {
    given(requested, dispatched).when(deliver).then(delivered);
    given(requested, dispatched, delivered).when(deliver).thenNothing();
  });
  it('is rejected before the dispatch', () => {
    given().when(deliver).thenRejects(ShipmentNotDispatched);
    given(requested).when(deliver).thenRejects(ShipmentNotDispatched);
    given(requested, cancelled).when(deliver).thenRejects(ShipmentAlreadyCancelled);
  });
});

describe('cancelling a shipment', () => {
  it('is accepted until the dispatch, even before the request', () => {
    given().when(cancel).then(cancelled);
    given(requested).when(cancel).then(cancelled);
  });
  it('is accepted without a reason', () =>
    given(requested)
      .when({ type: 'CancelShipment', ...owner, cancelledBy: '17850' })
      .then({ type: 'ShipmentCancelled', data: { ...owner, cancelledBy: '17850' } }));
  it('has no effect when it is repeated', () => given(requested, cancelled).when(cancel).thenNothing());
  it('is rejected after the dispatch', () => {
    given(requested, dispatched).when(cancel).thenRejects(ShipmentAlreadyDispatched, { orderId: 'o-1' });
    given(requested, dispatched, delivered).when(cancel).thenRejects(ShipmentAlreadyDispatched);
  });
});

describe('a report of the carrier', () => {
  const taken: ShipmentCommand = { type: 'RecordDispatch', ...parcel };
  const contradicted = (
    kind: 'dispatched-after-cancel' | 'dispatched-twice',
    trackingNumber = 'RM1',
  ): ShipmentEvent => ({
    type: 'ShipmentContradicted',
    data: { ...owner, kind, carrier: 'Royal Mail', trackingNumber, takenAt: '2010-12-01T12:00:00.000Z' },
  });
  const recalledAt = '2010-12-01T12:00:00.000Z';
  const recalled = (outcome: 'nothing-taken' | 'returning' | 'refused', reason?: string): ShipmentEvent => ({
    type: 'ShipmentRecalled',
    data: { ...owner, outcome, ...(reason !== undefined && { reason }), recalledAt },
  });
  const of = { carrier: 'Royal Mail', trackingNumber: 'RM1' };

  it('dispatches a requested shipment', () => {
    given(requested).when(taken).then(dispatched);
    given(requested, dispatched).when(taken).thenNothing();
    given().when(taken).thenRejects(ShipmentNotRequested);
  });
  it('is recorded once as a contradiction after a cancellation', () => {
    const stray = contradicted('dispatched-after-cancel');
    given(requested, cancelled).when(taken).then(stray);
    given(requested, cancelled, stray).when(taken).thenNothing();
  });
  it('is recorded once as a contradiction when another parcel was dispatched', () => {
    const second: ShipmentCommand = { ...taken, trackingNumber: 'RM2' };
    const stray = contradicted('dispatched-twice', 'RM2');
    given(requested, dispatched).when(second).then(stray);
    given(requested, dispatched, stray).when(second).thenNothing();
    given(requested, dispatched, delivered).when(second).then(stray);
  });
  it('that no parcel was taken is recorded', () => {
    const nothing: ShipmentCommand = { type: 'RecordRecall', outcome: 'nothing-taken', recalledAt };
    given(requested, cancelled).when(nothing).then(recalled('nothing-taken'));
  });
  it('that a parcel returns is recorded, and implies that it was taken', () => {
    const returning: ShipmentCommand = { type: 'RecordRecall', outcome: 'returning', ...of, recalledAt };
    const stray = contradicted('dispatched-after-cancel');
    given(requested, cancelled).when(returning).then(stray, recalled('returning'));
    given(requested, cancelled, stray).when(returning).then(recalled('returning'));
  });
  it('is recorded once when it is repeated for the same parcels', () => {
    const nothing: ShipmentCommand = { type: 'RecordRecall', outcome: 'nothing-taken', recalledAt };
    const stray = contradicted('dispatched-after-cancel');
    given(requested, cancelled, recalled('nothing-taken')).when(nothing).thenNothing();
    given(requested, cancelled, stray, recalled('returning')).when(nothing).thenNothing();
    given(requested, cancelled, recalled('nothing-taken'), stray)
      .when(nothing)
      .then(recalled('nothing-taken'));
  });
  it('that a parcel cannot be returned is recorded', () => {
    const reason = 'it was delivered';
    const refused: ShipmentCommand = { type: 'RecordRecall', outcome: 'refused', reason, ...of, recalledAt };
    given(requested, cancelled, contradicted('dispatched-after-cancel'))
      .when(refused)
      .then(recalled('refused', reason));
  });
  it('does not reopen a cancelled shipment', () => {
    const stray = contradicted('dispatched-after-cancel');
    given(requested, cancelled, stray).when(dispatch).thenRejects(ShipmentAlreadyCancelled);
    given(requested, cancelled, stray).when(cancel).thenNothing();
  });
});
