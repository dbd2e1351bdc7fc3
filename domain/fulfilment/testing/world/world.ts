import type { OrderId } from '../../../kernel/ids.ts';
import { money } from '../../../kernel/money.ts';
import { OrderAlreadyClosed } from '../../../order/errors.ts';
import { ShipmentAlreadyDispatched } from '../../../shipment/errors.ts';
import { isReceived } from '../../facts.ts';
import type { FulfilmentInput, OrderStoryEvent } from '../../inputs.ts';
import { activeWaits, dueWaits, type ExternalCall } from '../../waits.ts';
import { createEngine, type Process } from './engine.ts';
import { callOutside, recordCapture } from './outside.ts';
import type { Scenario } from './scenario.ts';
import { CUSTOMER, openShop, type ShopOrder, UNIT_PRICE } from './shop.ts';

/** An in-flight process. After a crash, `again` repeats what would be delivered or reported again. */
interface Work {
  readonly run: Process;
  readonly again?: () => void;
  /** Default: always. */
  readonly canRun?: () => boolean;
}

/**
 * Runs a scenario until nothing more can happen, and returns the shop. Throws when that takes too long, or as soon as a
 * product is oversold.
 */
export function runWorld(scenario: Scenario) {
  let now = Date.parse('2010-12-01T08:00:00.000Z');
  const clock = () => new Date(now).toISOString();
  const left = { crashes: scenario.crashes, duplicates: scenario.duplicates };
  /** Inputs to deliver, in any order; a handled one may be delivered again. */
  const deliveries: FulfilmentInput[] = [];
  const handled: FulfilmentInput[] = [];
  const works: Work[] = [];

  const shop = openShop(scenario, (event) => {
    if (event.type === 'OrderPlaced' || isReceived(event.type)) deliveries.push(inputOf(event, clock()));
  });
  const { handle, makeCall } = createEngine({ shop, policy: scenario.policy, clock, startCall });

  function startCall(of: ShopOrder, call: ExternalCall): void {
    works.push({ run: makeCall(of, call, () => callOutside(of, call, { clock, captureLater })) });
  }

  function captureLater(of: ShopOrder): void {
    const move = function* (): Process {
      yield;
      of.provider.hasMoved = true;
      report();
    };
    const report = (): void => {
      const record = function* (): Process {
        yield;
        recordCapture(of, clock)();
      };
      // The payment rejects a capture before its request is recorded: the provider reports it after that.
      const canRun = () => of.payment.state().status !== 'unrequested';
      works.push({ run: record(), again: report, canRun });
    };
    works.push({ run: move(), again: () => captureLater(of) });
  }

  function* cancel({ id, order, shipment }: ShopOrder): Process {
    if (order.state().status === 'rejected') return;
    try {
      const cancelledBy = '17850';
      shipment.send({ type: 'CancelShipment', orderId: id, customerId: CUSTOMER, cancelledBy });
      yield;
      order.send({ type: 'CancelOrder', cancelledBy });
    } catch (error) {
      if (!(error instanceof ShipmentAlreadyDispatched || error instanceof OrderAlreadyClosed)) throw error;
    }
  }

  function deliver(input: FulfilmentInput): void {
    const run = function* (): Process {
      yield* handle({ ...input, now: clock() });
      handled.push(input);
    };
    works.push({ run: run(), again: () => deliveries.push(input) });
  }

  /** A timeout or an operator's decision: after a crash, the recorded timeout is reported again. */
  const decide = (input: FulfilmentInput) => works.push({ run: handle(input) });
  const elapse = (orderId: OrderId, timeoutId: string) =>
    decide({ type: 'TimeoutElapsed', id: orderId, now: clock(), timeoutId });

  const advance = (work: Work) => () => {
    if (work.run.next().done === true) works.splice(works.indexOf(work), 1);
  };

  function crash(work: Work): void {
    left.crashes -= 1;
    works.splice(works.indexOf(work), 1);
    work.again?.();
  }

  /** What the workers, the customer, the operator, the carrier and the clock can do next to an order. */
  function* stepsOf(of: ShopOrder): Generator<() => void> {
    const { id: orderId, order, payment, shipment } = of;
    if (of.customerCancels && order.state().status !== 'unplaced')
      yield () => {
        of.customerCancels = false;
        works.push({ run: cancel(of) });
      };
    if (of.operatorRefunds && payment.state().status === 'captured')
      yield () => {
        of.operatorRefunds = false;
        payment.send({ type: 'RequestRefund', reason: 'broken', requestedBy: 'operator-1' });
      };
    if (shipment.state().status === 'dispatched')
      yield () => shipment.send({ type: 'DeliverShipment', deliveredAt: clock() });

    const state = of.fulfilment.state();
    const { timeout } = state;
    if (timeout !== undefined)
      for (const waitingFor of activeWaits(state).filter((kind) => of.parkings.includes(kind)))
        yield () => {
          of.parkings.splice(of.parkings.indexOf(waitingFor), 1);
          decide({ type: 'ParkWait', id: orderId, now: clock(), waitingFor, reason: 'a defect' });
        };
    for (const waitingFor of dueWaits(state).filter((kind) => state.parked[kind] !== undefined))
      yield () => decide({ type: 'ResumeWait', id: orderId, now: clock(), waitingFor });
    if (timeout !== undefined)
      yield () => {
        now = Math.max(now, Date.parse(timeout.dueAt));
        elapse(orderId, timeout.timeoutId);
      };
  }

  function possibilities(): readonly (() => void)[] {
    const steps = [
      ...works.filter(({ canRun }) => canRun?.() ?? true).map(advance),
      ...deliveries.map((input) => () => {
        deliveries.splice(deliveries.indexOf(input), 1);
        deliver(input);
      }),
      ...shop.orders.flatMap((of) => [...stepsOf(of)]),
    ];
    if (steps.length === 0) return [];
    if (left.crashes > 0) steps.push(...works.map((work) => () => crash(work)));
    if (left.duplicates === 0) return steps;
    const duplicates = [
      ...[...deliveries, ...handled].map((input) => () => deliver(input)),
      ...shop.orders.map(
        ({ id }) =>
          () =>
            elapse(id, `${id}-1`),
      ),
    ];
    return [
      ...steps,
      ...duplicates.map((duplicate) => () => {
        left.duplicates -= 1;
        duplicate();
      }),
    ];
  }

  for (const { id, plan, order } of shop.orders)
    order.send({
      type: 'PlaceOrder',
      orderId: id,
      customerId: CUSTOMER,
      lines: plan.lines.map((line) => ({ ...line, name: 'LANTERN', unitPrice: money(UNIT_PRICE, 'GBP') })),
      paymentToken: 'tok',
      placedAt: clock(),
    });

  for (let turn = 0; ; turn += 1) {
    const possible = possibilities();
    if (possible.length === 0) return shop;
    if (turn > 20_000) throw new RangeError('the orders do not end');
    possible[(scenario.choices[turn] ?? 0) % possible.length]?.();
    if (shop.isOversold()) throw new RangeError('a product is oversold');
  }
}

function inputOf(event: OrderStoryEvent, now: string): FulfilmentInput {
  const { orderId: id } = event.data;
  return event.type === 'OrderPlaced'
    ? { type: 'BeginFulfilment', id, now, event, orderPosition: '10423', reservations: [] }
    : { type: 'EventReceived', id, now, event };
}
