import { describe, expect, it } from 'vitest';
import { callsAfter, given, recallCall, stateAfter } from './testing/actions.ts';
import {
  awaitingDispatch,
  cancelled,
  completed,
  exception,
  recalled,
  refundSettled,
  timeout,
} from './testing/events.ts';
import { received, shipmentContradicted, shipmentRecalled } from './testing/inputs.ts';
import { owner } from './testing/order.ts';

const ended = [...awaitingDispatch, cancelled, refundSettled, recalled(), completed('cancelled')];
const detail = 'Royal Mail took the parcel RM1 after the shipment was cancelled';
const taken = exception('dispatched-after-cancel', detail);
const recalling = timeout(3, 'recall', 1, '08:30:01');

/** The provider contradicts itself, at 08:26. */
const paymentContradicted = (kind: 'captured-twice' | 'declined-after-capture', said: string) =>
  received({ type: 'PaymentContradicted', data: { ...owner, kind, detail: said } });

describe('a parcel that the carrier took after the shipment was cancelled', () => {
  it('is recorded once, with the time at which it was taken, and is recalled', () => {
    given(...ended)
      .when(shipmentContradicted())
      .then(taken, recalling);
    given(...ended, taken, recalling)
      .when(shipmentContradicted())
      .thenNothing();
    expect(callsAfter(...ended, taken, recalling)).toEqual([recallCall]);
    expect(stateAfter(...ended, taken, recalling).exceptions).toEqual([
      { number: 1, kind: 'dispatched-after-cancel', detail },
    ]);
    given(...ended, taken, recalling)
      .when(shipmentRecalled())
      .then(recalled(), completed('cancelled'));
  });
  it('is not recalled when the carrier is already returning it, or has refused to', () => {
    for (const outcome of ['returning', 'refused'] as const)
      given(...awaitingDispatch, cancelled, refundSettled, recalled(outcome), completed('cancelled'))
        .when(shipmentContradicted())
        .then(taken, completed('cancelled'));
  });
});

describe('a second parcel of an order', () => {
  it('is recorded with a detail of its own and is recalled', () =>
    given(...ended)
      .when(shipmentContradicted('dispatched-twice'))
      .then(
        exception('dispatched-twice', 'Royal Mail took the parcel RM1 though another one had left'),
        recalling,
      ));
});

describe('an exception of an order', () => {
  it('has the next number of its order', () => {
    const said = 'the provider captured the payment, then said: declined';
    given(...ended, taken, recalling)
      .when(paymentContradicted('declined-after-capture', said))
      .then(exception('declined-after-capture', said, 2), timeout(4, 'recall', 1, '08:26:01'));
  });
  it('changes nothing else when it is about a payment', () => {
    const said = 'captured again, with reference ch_2';
    given(...awaitingDispatch)
      .when(paymentContradicted('captured-twice', said))
      .then(exception('captured-twice', said), timeout(3, 'dispatch', 1, '08:27:00'));
  });
  it('has a detail of at most 500 characters, however long the name of the carrier is', () =>
    given(...ended)
      .when(shipmentContradicted('dispatched-after-cancel', 'x'.repeat(500)))
      .then(
        exception('dispatched-after-cancel', `${'x'.repeat(400)} after the shipment was cancelled`),
        recalling,
      ));
});
