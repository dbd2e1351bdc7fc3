import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventoryDecider } from '../inventory/decider.ts';
import { levels, reservationOf } from '../inventory/state.ts';
import type { Decider } from '../kernel/decider.ts';
import type { DomainEvent } from '../kernel/event.ts';
import { customerId, type OrderId, orderId, type ProductId, productId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { orderDecider } from '../order/decider.ts';
import { OrderAlreadyClosed } from '../order/errors.ts';
import type { OrderEvent } from '../order/events.ts';
import { paymentDecider } from '../payment/decider.ts';
import type { PaymentEvent } from '../payment/events.ts';
import { shipmentDecider } from '../shipment/decider.ts';
import { ShipmentAlreadyDispatched } from '../shipment/errors.ts';
import type { ShipmentEvent } from '../shipment/events.ts';
import { deepFreeze } from '../testing/given-when-then.ts';
import { fulfilment } from './decider.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FulfilmentInput, StockAnswer } from './inputs.ts';
import { pending } from './pending.ts';
import { type FulfilmentPolicy, fulfilmentPolicy } from './policy.ts';
import type { OutsideCall, Pending, Step } from './steps.ts';

/** What the provider does with one capture: moves the money or not, and says so or not. */
type CaptureScript =
  | 'captures'
  | 'declines'
  | 'away'
  | 'captures-in-silence'
  | 'ignores-in-silence'
  /** Moves it some time later, whatever it has said meanwhile, and then says so by itself. */
  | 'captures-late';

interface Plan {
  readonly lines: readonly { readonly productId: ProductId; readonly quantity: number }[];
  /** One after another; after the last, `atLast` for ever. */
  readonly captures: readonly CaptureScript[];
  readonly atLast: 'captures' | 'declines' | 'away';
  /** How often the provider is away when it is asked to settle or to refund, and the carrier to dispatch. */
  readonly awayFor: number;
  readonly cancels: boolean;
  /** Whether an operator gives the money back, once it is there. */
  readonly givesBack: boolean;
  /** The provider takes its time: a payment is requested before its capture is answered, and not with its outcome. */
  readonly takesTime: boolean;
  /** How much of what was noted whoever records the capture has not heard of. */
  readonly behind: number;
}

interface Scenario {
  readonly plans: readonly Plan[];
  readonly stock: number;
  readonly policy: FulfilmentPolicy;
  /** Each picks what happens next among all that may; when they are used up, the first always does. */
  readonly choices: readonly number[];
  readonly crashes: number;
  readonly duplicates: number;
}

interface Stream<State, Command, Event> {
  readonly send: (command: Command) => State;
  readonly state: () => State;
  readonly log: readonly Event[];
}

function streamOf<State, Command, Event extends DomainEvent>(
  { decide, evolve, initialState }: Decider<State, Command, Event>,
  heard: (event: Event) => void = () => {},
): Stream<State, Command, Event> {
  let state = deepFreeze(initialState);
  const log: Event[] = [];
  return {
    send(command) {
      for (const event of decide(deepFreeze(command), state)) {
        state = deepFreeze(evolve(state, deepFreeze(event)));
        log.push(event);
        heard(event);
      }
      return state;
    },
    state: () => state,
    log,
  };
}

/** Something under way, stopped between any two things it does; `again` is what a crash leaves to be done again. */
interface Work {
  readonly run: Generator<undefined, void>;
  readonly again: (() => void) | undefined;
}

const CUSTOMER = customerId('17850');
const PRICE = 100;
const products = ['71053', '85123A'].map(productId);

/** All aggregates, a provider, a carrier, and a runner of the process manager that may be stopped anywhere. */
function worldOf({ plans, stock, policy, choices, crashes, duplicates }: Scenario) {
  let now = Date.parse('2010-12-01T08:00:00.000Z');
  const clock = () => new Date(now).toISOString();
  const inventory = new Map(products.map((id) => [id, streamOf(inventoryDecider)]));
  for (const [productId, stream] of inventory) stream.send({ type: 'OpenStock', productId, quantity: stock });

  /** Events on their way to the process manager, in no order; those that were handled may come again. */
  const deliveries: FulfilmentInput[] = [];
  const handled: FulfilmentInput[] = [];
  const works: Work[] = [];

  const orders = plans.map((plan, index) => {
    const id = orderId(`o-${index + 1}`);
    const hear = (event: Heard) => {
      const input = inputOf(event, clock());
      if (input !== undefined) deliveries.push(input);
    };
    return {
      id,
      plan,
      total: plan.lines.reduce((total, { quantity }) => total + quantity * PRICE, 0),
      order: streamOf(orderDecider, hear),
      payment: streamOf(paymentDecider, hear),
      shipment: streamOf(shipmentDecider, hear),
      process: streamOf(fulfilment(policy)),
      provider: { moved: false, refunded: false, closed: false, captures: 0, away: plan.awayFor },
      carrierAway: plan.awayFor,
      parcel: { taken: false, recalled: false },
      cancels: plan.cancels,
      givesBack: plan.givesBack,
    };
  });
  type OrderWorld = (typeof orders)[number];
  const orderOf = (id: OrderId): OrderWorld => {
    const found = orders.find((order) => order.id === id);
    if (found === undefined) throw new RangeError(id);
    return found;
  };

  // ---- the runner

  function* handle(input: FulfilmentInput): Generator<undefined, void> {
    const of = orderOf(input.orderId);
    yield* pursue(of, input.type === 'NoteOrderPlaced' ? yield* begin(of, input) : note(of, input));
  }

  const note = (of: OrderWorld, input: FulfilmentInput): Pending => pending(of.process.send(input));

  /** The first steps are sent before the order is noted; order and answers are one write. */
  function* begin(of: OrderWorld, input: FulfilmentInput): Generator<undefined, Pending> {
    const { decide, evolve, initialState } = fulfilment(policy);
    const first = pending(decide(input, initialState).reduce(evolve, initialState));
    const stock = yield* answersTo(of, first);
    note(of, input);
    const next = note(of, answered(of, first, stock));
    yield;
    return next;
  }

  function* pursue(of: OrderWorld, noted: Pending): Generator<undefined, void> {
    yield;
    let next = noted;
    while (next.order !== undefined && next.stages.length > 0) {
      const stock = yield* answersTo(of, next);
      next = note(of, answered(of, next, stock));
      yield;
    }
    for (const step of next.beforeCalls) {
      if (next.order !== undefined) perform(of, next.order, step);
      yield;
    }
    for (const call of next.calls) works.push({ run: makeCall(of, call), again: undefined });
  }

  function* answersTo(of: OrderWorld, { stages, order }: Pending): Generator<undefined, StockAnswer[]> {
    const stock: StockAnswer[] = [];
    for (const step of stages.flat()) {
      const answer = order && perform(of, order, step);
      if (answer !== undefined) stock.push(answer);
      yield;
    }
    return stock;
  }

  const answered = ({ id }: OrderWorld, { stepsId }: Pending, stock: readonly StockAnswer[]) =>
    ({ type: 'NoteStepsAnswered', orderId: id, now: clock(), stepsId, stock }) as const;

  function perform(
    { id, order, payment, shipment }: OrderWorld,
    { orderPosition }: NonNullable<Pending['order']>,
    step: Step,
  ): StockAnswer | undefined {
    const of = { orderId: id, customerId: CUSTOMER };
    const answers = (send: () => void) => {
      try {
        send();
      } catch (error) {
        if (!(error instanceof OrderAlreadyClosed || error instanceof ShipmentAlreadyDispatched)) throw error;
      }
      return undefined;
    };
    switch (step.do) {
      case 'reserve-stock': {
        const { productId, quantity } = step;
        const state = stockOf(productId).send({
          type: 'ReserveStock',
          productId,
          orderId: id,
          orderPosition,
          quantity,
        });
        const answer = reservationOf(state, { orderId: id, orderPosition, quantity });
        if (answer.held === 'unknown') throw new RangeError('so few orders are never forgotten');
        return { productId, ...answer };
      }
      case 'release-stock':
        stockOf(step.productId).send({
          type: 'ReleaseStock',
          productId: step.productId,
          orderId: id,
          orderPosition,
        });
        return undefined;
      case 'commit-stock':
        stockOf(step.productId).send({
          type: 'CommitStock',
          productId: step.productId,
          orderId: id,
          orderPosition,
        });
        return undefined;
      case 'confirm-order':
        return answers(() => order.send({ type: 'ConfirmOrder' }));
      case 'reject-order':
        return answers(() => order.send({ type: 'RejectOrder', reason: step.reason }));
      case 'cancel-order':
        return answers(() => order.send({ type: 'CancelOrder', cancelledBy: step.cancelledBy }));
      case 'mark-order-shipped': {
        const { carrier, trackingNumber } = step;
        order.send({ type: 'MarkOrderShipped', carrier, trackingNumber });
        return undefined;
      }
      case 'mark-order-delivered':
        order.send({ type: 'MarkOrderDelivered' });
        return undefined;
      case 'request-payment': {
        const { amount, paymentToken } = step;
        payment.send({ type: 'RequestPayment', ...of, amount, paymentToken });
        return undefined;
      }
      case 'request-shipment':
        shipment.send({ type: 'RequestShipment', ...of });
        return undefined;
      case 'cancel-shipment':
        return answers(() =>
          shipment.send({ type: 'CancelShipment', ...of, reason: step.reason, cancelledBy: 'fulfilment' }),
        );
    }
  }

  function stockOf(productId: ProductId) {
    const stream = inventory.get(productId);
    if (stream === undefined) throw new RangeError(productId);
    return stream;
  }

  // ---- the outside: the answer and its recording are two things, and a crash may come between

  function* makeCall(of: OrderWorld, call: OutsideCall): Generator<undefined, void> {
    yield;
    if (of.plan.takesTime) request(of, call);
    yield;
    const record = outside(of, call);
    yield;
    // With the outcome, in one append.
    request(of, call);
    const before = of.payment.log.length;
    record?.();
    const isFirstOutcome = before === 1 && of.payment.log[1]?.type === 'PaymentCaptured';
    if (isFirstOutcome) yield* confirmAtOnce(of);
  }

  function request({ id, payment }: OrderWorld, call: OutsideCall): void {
    if (call.call !== 'capture-payment') return;
    const { amount, paymentToken } = call;
    payment.send({ type: 'RequestPayment', orderId: id, customerId: CUSTOMER, amount, paymentToken });
  }

  /** What a capture leads to, as far as a state tells that may be outdated. */
  function* confirmAtOnce(of: OrderWorld): Generator<undefined, void> {
    const { decide, evolve, initialState } = fulfilment(policy);
    const heard = of.process.log.slice(0, Math.max(0, of.process.log.length - of.plan.behind));
    const known = heard.reduce(evolve, initialState);
    const input = { type: 'NotePaymentCaptured', orderId: of.id, now: clock() } as const;
    const { order, beforeCalls } = pending(decide(input, known).reduce(evolve, known));
    for (const step of beforeCalls) {
      yield;
      if (order && (step.do === 'confirm-order' || step.do === 'request-shipment')) perform(of, order, step);
    }
  }

  function outside(of: OrderWorld, call: OutsideCall): (() => void) | undefined {
    const { id, plan, payment, shipment, provider } = of;
    const parcel = { carrier: 'Royal Mail', trackingNumber: `RM-${id}` };
    const capture = () => payment.send({ type: 'RecordCapture', reference: id, capturedAt: clock() });
    switch (call.call) {
      case 'capture-payment': {
        if (provider.moved) return capture;
        if (provider.closed) return () => payment.send({ type: 'RecordDecline', reason: 'closed' });
        const script = plan.captures[provider.captures++] ?? plan.atLast;
        if (script === 'captures-late') announceLater(of);
        if (script === 'declines') provider.closed = true;
        if (script === 'captures' || script === 'captures-in-silence') provider.moved = true;
        if (script === 'declines')
          return () => payment.send({ type: 'RecordDecline', reason: 'card expired' });
        return script === 'captures' ? capture : undefined;
      }
      case 'settle-payment':
        if (provider.away-- > 0) return undefined;
        if (provider.moved) return capture;
        provider.closed = true;
        return () => payment.send({ type: 'RecordFailure', reason: call.reason });
      case 'refund-payment':
        if (provider.away-- > 0) return undefined;
        if (!provider.moved) throw new RangeError(`refund of ${id}, which never paid`);
        provider.refunded = true;
        return () => payment.send({ type: 'RecordRefund', reference: id, refundedAt: clock() });
      case 'dispatch-shipment':
        if (of.carrierAway-- > 0 || of.parcel.recalled) return undefined;
        of.parcel.taken = true;
        return () => shipment.send({ type: 'RecordDispatch', ...parcel, dispatchedAt: clock() });
      case 'recall-shipment':
        if (of.carrierAway-- > 0) return undefined;
        of.parcel.recalled = true;
        return () => {
          const recall = of.parcel.taken
            ? ({ outcome: 'returning', ...parcel } as const)
            : ({ outcome: 'nothing-taken' } as const);
          shipment.send({ type: 'RecordRecall', ...recall, recalledAt: clock() });
        };
    }
  }

  function announceLater(of: OrderWorld) {
    const announce = function* (): Generator<undefined, void> {
      yield;
      of.provider.moved = true;
      // Refused while nothing is known of the payment, and told again.
      while (of.payment.state().status === 'unrequested') yield;
      of.payment.send({ type: 'RecordCapture', reference: of.id, capturedAt: clock() });
    };
    const again = () => works.push({ run: announce(), again });
    again();
  }

  // ---- the customer, who stops waiting for nobody

  function* cancel(of: OrderWorld): Generator<undefined, void> {
    const { status } = of.order.state();
    if (status === 'rejected') return;
    try {
      const owner = { orderId: of.id, customerId: CUSTOMER };
      of.shipment.send({ type: 'CancelShipment', ...owner, cancelledBy: '17850' });
      yield;
      of.order.send({ type: 'CancelOrder', cancelledBy: '17850' });
    } catch (error) {
      if (!(error instanceof ShipmentAlreadyDispatched || error instanceof OrderAlreadyClosed)) throw error;
    }
  }

  // ---- what may happen next

  let crashesLeft = crashes;
  let duplicatesLeft = duplicates;

  const start = (input: FulfilmentInput) => {
    works.push({
      run: (function* () {
        yield* handle({ ...input, now: clock() });
        handled.push(input);
      })(),
      again: () => deliveries.push(input),
    });
  };

  function possibilities(): (() => void)[] {
    const current = orders.flatMap(({ id, process }) => {
      const { deadline } = process.state();
      return deadline === undefined ? [] : [{ id, deadline }];
    });
    const fire = (orderId: OrderId, deadlineId: string) =>
      works.push({
        run: handle({ type: 'FireDeadline', orderId, now: clock(), deadlineId }),
        again: undefined,
      });
    const things = [
      ...works.map((work) => () => {
        if (work.run.next().done === true) works.splice(works.indexOf(work), 1);
      }),
      ...deliveries.map((input) => () => {
        deliveries.splice(deliveries.indexOf(input), 1);
        start(input);
      }),
      ...orders
        .filter(({ cancels, order }) => cancels && order.state().status !== 'unplaced')
        .map((of) => () => {
          of.cancels = false;
          works.push({ run: cancel(of), again: undefined });
        }),
      ...orders
        .filter(({ givesBack, payment }) => givesBack && payment.state().status === 'captured')
        .map((of) => () => {
          of.givesBack = false;
          of.payment.send({ type: 'RequestRefund', reason: 'broken', requestedBy: 'operator-1' });
        }),
      ...orders
        .filter(({ shipment }) => shipment.state().status === 'dispatched')
        .map(
          ({ shipment }) =>
            () =>
              shipment.send({ type: 'DeliverShipment', deliveredAt: clock() }),
        ),
      ...current.map(({ id, deadline }) => () => {
        now = Math.max(now, Date.parse(deadline.dueAt));
        fire(id, deadline.deadlineId);
      }),
    ];
    if (things.length === 0) return [];
    if (crashesLeft > 0)
      things.push(
        ...works.map((work) => () => {
          crashesLeft -= 1;
          works.splice(works.indexOf(work), 1);
          work.again?.();
        }),
      );
    if (duplicatesLeft > 0) {
      things.push(
        ...[...deliveries, ...handled].map((input) => () => {
          duplicatesLeft -= 1;
          start(input);
        }),
        ...orders.map(({ id }) => () => {
          duplicatesLeft -= 1;
          fire(id, `${id}-1`);
        }),
      );
    }
    return things;
  }

  for (const { id, plan, order } of orders)
    order.send({
      type: 'PlaceOrder',
      orderId: id,
      customerId: CUSTOMER,
      lines: plan.lines.map((line) => ({ ...line, name: 'LANTERN', unitPrice: money(PRICE, 'GBP') })),
      paymentToken: 'tok',
      placedAt: clock(),
    });

  for (let turn = 0; ; turn += 1) {
    const possible = possibilities();
    if (possible.length === 0) break;
    if (turn > 20_000) throw new RangeError('it never comes to rest');
    possible[(choices[turn] ?? 0) % possible.length]?.();
    for (const { state } of inventory.values()) {
      const { onHand, available } = levels(state());
      if (onHand < 0 || available < 0) throw new RangeError('oversold');
    }
  }
  return { orders, inventory };
}

type Heard = OrderEvent | PaymentEvent | ShipmentEvent;

function inputOf(event: Heard, now: string): FulfilmentInput | undefined {
  const any = { orderId: event.data.orderId, now };
  switch (event.type) {
    case 'OrderPlaced':
      return { type: 'NoteOrderPlaced', ...event.data, ...any, orderPosition: '10423' };
    case 'PaymentCaptured':
      return { type: 'NotePaymentCaptured', ...any };
    case 'PaymentDeclined':
      return { type: 'NotePaymentDeclined', ...any, reason: event.data.reason };
    case 'PaymentFailed':
      return { type: 'NotePaymentFailed', ...any, reason: event.data.reason };
    case 'RefundRequested':
      return { type: 'NoteRefundRequested', ...any, reason: event.data.reason };
    case 'PaymentRefunded':
      return { type: 'NotePaymentRefunded', ...any };
    case 'ShipmentDispatched': {
      const { carrier, trackingNumber } = event.data;
      return { type: 'NoteShipmentDispatched', ...any, carrier, trackingNumber };
    }
    case 'ShipmentDelivered':
      return { type: 'NoteShipmentDelivered', ...any };
    case 'ShipmentCancelled':
      return { type: 'NoteShipmentCancelled', ...any, cancelledBy: event.data.cancelledBy };
    case 'ShipmentContradicted': {
      const { kind, trackingNumber, takenAt } = event.data;
      return { type: 'NoteContradiction', ...any, kind, detail: `took ${trackingNumber}`, at: takenAt };
    }
    case 'PaymentContradicted': {
      const { kind, detail } = event.data;
      return { type: 'NoteContradiction', ...any, kind, detail, at: now };
    }
    case 'ShipmentRecalled':
      return { type: 'NoteShipmentRecalled', ...any, outcome: event.data.outcome };
    default:
      return undefined;
  }
}

const quantity = fc.integer({ min: 1, max: 4 });
const lines = fc
  .record({ first: fc.option(quantity), second: quantity })
  .map(({ first, second }) => [
    ...(first === null ? [] : [{ productId: productId('71053'), quantity: first }]),
    { productId: productId('85123A'), quantity: second },
  ]);
const script = fc.constantFrom<CaptureScript>(
  'captures',
  'declines',
  'away',
  'captures-in-silence',
  'ignores-in-silence',
  'captures-late',
);
const plan: fc.Arbitrary<Plan> = fc.record({
  lines,
  captures: fc.array(script, { maxLength: 4 }),
  atLast: fc.constantFrom('captures', 'declines', 'away'),
  awayFor: fc.nat(2),
  cancels: fc.boolean(),
  givesBack: fc.boolean(),
  takesTime: fc.boolean(),
  behind: fc.nat(4),
});
/** Nobody changes his mind, and what the provider says is so. */
const honestPlan = plan.map((plan): Plan => {
  const captures = plan.captures.filter((script) => script !== 'captures-late');
  return { ...plan, captures, cancels: false, givesBack: false };
});
const choices = fc.array(fc.nat(1_000), { size: 'max', maxLength: 400 });
const chaos = { choices, crashes: fc.nat(6), duplicates: fc.nat(6) };

const kindsOf = (log: readonly FulfilmentEvent[]) =>
  log.flatMap(({ type, data }) => (type === 'FulfilmentExceptionRecorded' ? [data.kind] : []));

describe('whatever crashes, is late, comes twice or goes another way', () => {
  it('every order ends, and the books balance', () => {
    const scenario: fc.Arbitrary<Scenario> = fc.record({
      plans: fc.array(plan, { minLength: 1, maxLength: 3 }),
      stock: fc.integer({ min: 2, max: 9 }),
      policy: fc.constant({ ...fulfilmentPolicy, paymentGiveUpMs: 20_000 }),
      ...chaos,
    });
    fc.assert(
      fc.property(scenario, (scenario) => {
        const { orders, inventory } = worldOf(scenario);
        for (const { id, order, payment, shipment, process, provider, parcel, total } of orders) {
          expect(pending(process.state()), id).toMatchObject({ stages: [], calls: [], deadline: undefined });
          expect(process.log.at(-1)?.type).toBe('FulfilmentCompleted');
          const { status } = order.state();
          expect(['delivered', 'rejected', 'cancelled']).toContain(status);
          expect(shipment.state().status === 'delivered').toBe(status === 'delivered');
          expect(payment.state().status).not.toBe('requested');

          // A parcel of a cancelled order has an exception and is being returned.
          const isStray = parcel.taken && status !== 'delivered';
          const recalls = shipment.log.flatMap(({ type, data }) =>
            type === 'ShipmentRecalled' ? [data.outcome] : [],
          );
          expect(recalls.includes('returning')).toBe(isStray);
          expect(kindsOf(process.log).includes('dispatched-after-cancel')).toBe(isStray);

          const kept = provider.moved && !provider.refunded ? total : 0;
          const givenBack = payment.log.some(({ type }) => type === 'RefundRequested');
          expect(kept, 'what the provider has kept').toBe(status === 'delivered' && !givenBack ? total : 0);
          const captured = payment.log.filter(({ type }) => type === 'PaymentCaptured').length;
          const refunded = payment.log.filter(({ type }) => type === 'PaymentRefunded').length;
          expect([captured, refunded]).toEqual([Number(provider.moved), Number(provider.refunded)]);
        }
        for (const [productId, stream] of inventory) {
          const sold = orders
            .filter(({ order }) => order.state().status === 'delivered')
            .flatMap(({ plan }) => plan.lines)
            .filter((line) => line.productId === productId)
            .reduce((units, { quantity }) => units + quantity, 0);
          const onHand = scenario.stock - sold;
          expect(levels(stream.state())).toEqual({ onHand, reserved: 0, available: onHand });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('the end is the one that stock and provider decided', () => {
    const scenario = fc.record({
      plans: fc.tuple(honestPlan),
      stock: fc.integer({ min: 2, max: 5 }),
      policy: fc.constant({ ...fulfilmentPolicy, paymentGiveUpMs: Number.MAX_SAFE_INTEGER / 1_000 }),
      ...chaos,
    });
    fc.assert(
      fc.property(scenario, (scenario) => {
        const [plan] = scenario.plans;
        const decided = plan.captures.find((script) => script !== 'away' && script !== 'ignores-in-silence');
        const last = decided ?? plan.atLast;
        fc.pre(last !== 'away');
        const short = plan.lines.some(({ quantity }) => quantity > scenario.stock);
        const [only] = worldOf(scenario).orders;
        expect(only?.order.state().status).toBe(short || last === 'declines' ? 'rejected' : 'delivered');
      }),
      { numRuns: 300 },
    );
  });

  it('a cancellation that the shipment took is kept, unless the order was rejected first', () => {
    const scenario: fc.Arbitrary<Scenario> = fc.record({
      plans: fc.array(
        plan.map((plan): Plan => ({ ...plan, cancels: true })),
        { minLength: 1, maxLength: 1 },
      ),
      stock: fc.constant(9),
      policy: fc.constant({ ...fulfilmentPolicy, paymentGiveUpMs: 20_000 }),
      ...chaos,
    });
    fc.assert(
      fc.property(scenario, (scenario) => {
        const [only] = worldOf(scenario).orders;
        if (only?.shipment.state().status !== 'cancelled') return;
        const unpaid = only.payment.log.some(
          ({ type }) => type === 'PaymentDeclined' || type === 'PaymentFailed',
        );
        expect(unpaid ? ['rejected', 'cancelled'] : ['cancelled']).toContain(only.order.state().status);
      }),
      { numRuns: 300 },
    );
  });
});
