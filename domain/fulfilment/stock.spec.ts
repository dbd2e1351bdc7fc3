import { describe, expect, it } from 'vitest';
import {
  actionsAfter,
  cancelOrder,
  commandsAfter,
  commits,
  given,
  markShipped,
  rejectOrder,
  releases,
  reserveStock,
} from './testing/actions.ts';
import {
  allocated,
  awaitingPayment,
  cancelled,
  completed,
  dispatched,
  paid,
  questioned,
  short,
  started,
  timeout,
} from './testing/events.ts';
import { begin, commandsCompleted, stockReserved } from './testing/inputs.ts';
import { heart, heartHeld, heartShort, heartUnknown, lantern, lanternHeld } from './testing/order.ts';

const firstPaymentTimeout = timeout(1, 'payment', 1, '08:26:01');

describe('a placed order', () => {
  it('is recorded together with its stock when its reservations were made before', () => {
    given().when(begin()).then(started, allocated, firstPaymentTimeout);
    given()
      .when(begin([lanternHeld, heartShort]))
      .then(started, short);
  });
  it('is recorded alone when its reservations failed, and then reserves every line', () => {
    given().when(begin([])).then(started);
    expect(commandsAfter(started)).toEqual([[reserveStock(lantern, 6), reserveStock(heart, 2)]]);
  });
  it('is recorded alone when only some of its lines were reserved', () =>
    given()
      .when(begin([lanternHeld]))
      .then(started));
  it('is recorded once', () => {
    given(started).when(begin()).thenNothing();
    given(...awaitingPayment)
      .when(begin())
      .thenNothing();
  });
});

describe('the stock of an order', () => {
  it('is allocated when every line is reserved, and the order then waits for its payment', () =>
    given(started).when(stockReserved()).then(allocated, firstPaymentTimeout));
  it('is short when one line is not reserved', () =>
    given(started)
      .when(stockReserved([lanternHeld, heartShort]))
      .then(short));
  it('stays unknown while the result of a line is missing', () =>
    given(started)
      .when(stockReserved([lanternHeld]))
      .thenNothing());
  it('is released on every line when it is short, and the order is rejected', () =>
    expect(commandsAfter(started, short)).toEqual([
      releases,
      [
        rejectOrder({
          reason: 'out of stock',
          short: [{ productId: '85123A', requested: 2, available: 1 }],
        }),
      ],
    ]));
  it('completes the order as rejected once it is released', () => {
    given(started, short).when(commandsCompleted('reject')).then(completed('rejected'));
    expect(commandsAfter(started, short, completed('rejected'))).toEqual([]);
  });
});

describe('a reservation that the product can neither accept nor reject', () => {
  it('is recorded as questioned, with the number of closings at the product', () => {
    given(started)
      .when(stockReserved([lanternHeld, heartUnknown]))
      .then(questioned);
    given()
      .when(begin([lanternHeld, heartUnknown]))
      .then(started, questioned);
  });
  it('is questioned even when another line is short', () =>
    given(started)
      .when(stockReserved([{ ...heartShort, productId: lantern }, heartUnknown]))
      .then(questioned));
  it('is repeated with the number of closings, which proves that the order still waited for its stock', () =>
    expect(commandsAfter(started, questioned)).toEqual([
      [reserveStock(lantern, 6), reserveStock(heart, 2, { waitingAt: 7 })],
    ]));
  it('ignores the result of the earlier commands, which carried no such number', () => {
    const { commandsId } = actionsAfter(started, questioned);
    expect(commandsId).not.toBe('reserve');
    given(started, questioned).when(stockReserved()).thenNothing();
    given(started, questioned)
      .when(commandsCompleted(commandsId, [lanternHeld, heartHeld]))
      .then(allocated, firstPaymentTimeout);
  });
  it('is short when the product rejects the repeated command', () => {
    const { commandsId } = actionsAfter(started, questioned);
    given(started, questioned)
      .when(commandsCompleted(commandsId, [lanternHeld, heartShort]))
      .then(short);
  });
  it('is released like any other when the order is cancelled meanwhile, and leaves no command behind', () => {
    expect(actionsAfter(started, questioned, cancelled)).toMatchObject({
      commands: [releases, [cancelOrder]],
      commandsId: 'cancel',
    });
    given(started, questioned, cancelled).when(commandsCompleted('cancel')).then(completed('cancelled'));
    expect(actionsAfter(started, questioned, cancelled, completed('cancelled'))).toMatchObject({
      commands: [],
      commandsId: '',
    });
  });
  it('is repeated for an order whose parcel was already dispatched', () => {
    expect(commandsAfter(paid, dispatched, started, questioned)).toEqual([
      [reserveStock(lantern, 6), reserveStock(heart, 2, { waitingAt: 7 })],
    ]);
    expect(commandsAfter(paid, dispatched, started, questioned, allocated)).toEqual([commits, [markShipped]]);
  });
});

describe('the completion of commands', () => {
  it('records nothing when the order has other commands by now', () => {
    given(started, cancelled).when(stockReserved()).thenNothing();
    given(...awaitingPayment, cancelled)
      .when(commandsCompleted('reserve'))
      .thenNothing();
  });
  it('records nothing when the order has no commands', () => {
    given(...awaitingPayment)
      .when(stockReserved())
      .thenNothing();
    given(...awaitingPayment)
      .when(commandsCompleted(''))
      .thenNothing();
    given().when(commandsCompleted('')).thenNothing();
    given(started, short, completed('rejected')).when(commandsCompleted('')).thenNothing();
    given(started, short, completed('rejected')).when(commandsCompleted('reject')).thenNothing();
  });
  it('has an empty `commandsId` only when the order has no commands', () => {
    expect(actionsAfter(started)).toMatchObject({ commandsId: 'reserve' });
    expect(actionsAfter(...awaitingPayment)).toMatchObject({ commands: [], commandsId: '' });
    expect(actionsAfter()).toMatchObject({ commands: [], commandsId: '' });
  });
});
