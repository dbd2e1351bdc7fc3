import pLimit from 'p-limit';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { fulfilment } from '../../domain/fulfilment/decider.ts';
import { type FulfilmentPolicy, fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import type { Decider } from '../../domain/kernel/decider.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { customerId, orderId, productId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { shipmentDecider } from '../../domain/shipment/decider.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { refundItem } from '../../event-catalogue/parked-items.ts';
import {
  fulfilmentStream,
  inventoryStream,
  orderStream,
  paymentStream,
  shipmentStream,
} from '../../event-catalogue/streams.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { silent } from '../../event-store/logger.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import { autoCarrier, type Carrier } from '../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { type FulfilmentRunner, fulfilmentRunner } from '../fulfilment-runner.ts';
import { type OutsideCalls, outsideCalls } from '../outside-calls.ts';
import { createCrashGuard } from '../parking/crash-guard.ts';
import { createParkException } from '../parking/exceptions.ts';
import { createCallWithParking } from '../parking/park-failed-calls.ts';
import { createParkRefund } from '../parking/park-refunds.ts';
import { createParkWait, createUnparkWait } from '../parking/park-waits.ts';
import { createParking } from '../parking/parking.ts';
import { callAndRecord } from '../record-facts.ts';

const HEARD = ['order-', 'payment-', 'shipment-'];
export const ORDER = orderId('o-1');
const CUSTOMER = customerId('ann');
const WHY = { reason: 'changed my mind', cancelledBy: 'ann' };
const PRICE = money(250, 'GBP');

/** A process of the process managers: its memory is lost when it dies. */
export interface Process {
  readonly runner: FulfilmentRunner;
  readonly calls: OutsideCalls;
}

interface ShopOptions {
  readonly payments?: PaymentProvider;
  readonly carrier?: Carrier;
  readonly policy?: Partial<FulfilmentPolicy>;
}

/**
 * A shop in memory: streams, the outside, a clock, and processes that handle its deliveries. Nothing happens by itself:
 * a test delivers events one by one, or `run`s all to rest.
 */
export function shop({
  payments = simulatedPayments(),
  carrier = autoCarrier(),
  policy = {},
}: ShopOptions = {}) {
  const store = createInMemoryEventStore({ catalogue });
  const direct = createCommandHandler({ store });
  const ownHandler = () =>
    createCommandHandler({ store: store.connectAgain(), limits: { cachedStreams: 20 } });
  let time = Date.parse('2026-01-05T10:00:00.000Z');
  const clock = () => new Date(time);
  const here = clock;
  const decider = fulfilment({ ...fulfilmentPolicy, ...policy });

  const send = <State, Command, Event extends DomainEvent>(
    stream: string,
    decider: Decider<State, Command, Event>,
    command: Command,
  ) =>
    direct.handle({
      stream,
      decider,
      command,
      context: {
        commandId: crypto.randomUUID(),
        correlationId: ORDER,
        causationId: 'a request',
        actor: { sub: 'ann', role: 'customer' },
      },
    });

  const eventsOf = async (stream: string): Promise<readonly RecordedEvent[]> => {
    const found: RecordedEvent[] = [];
    for await (const recorded of store.read(stream)) found.push(recorded);
    return found;
  };
  const typesOf = async (stream: string) => (await eventsOf(stream)).map(({ event }) => event.type);

  const stateOf = async <State, Command, Event extends DomainEvent>(
    stream: string,
    { evolve, initialState }: Decider<State, Command, Event>,
  ): Promise<State> =>
    (await eventsOf(stream)).reduce((state, { event }) => evolve(state, event as Event), initialState);

  const cancelShipment = () =>
    send(shipmentStream(ORDER), shipmentDecider, {
      type: 'CancelShipment',
      orderId: ORDER,
      customerId: CUSTOMER,
      ...WHY,
    });

  return {
    decider,
    store,
    send,
    clock,
    /** The clock jumps, ahead or back. */
    jumpTo: (iso: string) => {
      time = Date.parse(iso);
    },
    direct,
    ownHandler,
    eventsOf,
    typesOf,

    /** Starts a process, with a clock of its own when given. */
    startProcess(
      handler: CommandHandler = ownHandler(),
      { clock = here, waitBegan }: { clock?: () => Date; waitBegan?: (deadlineId: string) => void } = {},
    ): Process {
      const parking = createParking(handler, clock);
      const guard = createCrashGuard(handler, clock);
      const parkRefund = createParkRefund({ handler, decider, parking, clock });
      const makeAndRecord = callAndRecord({
        payments,
        carrier,
        handler,
        clock,
        logger: silent,
        parkRefund,
        unparkRefund: (id) => parking.resolve(refundItem(id).itemId),
        paid: (order, cause) => runner.paid(order, cause),
      });
      const parkWait = createParkWait({ handler, decider, parking, clock, logger: silent });
      const calls = outsideCalls({
        make: createCallWithParking(makeAndRecord, parkWait, guard, silent),
        atOnce: 10,
        waiting: 100,
        logger: silent,
      });
      const runner: FulfilmentRunner = fulfilmentRunner({
        handler,
        calls,
        clock,
        decider,
        unparkWait: createUnparkWait(parking, silent),
        parkException: createParkException(parking, silent),
        stepLimit: pLimit(10),
        ...(waitBegan && { waitBegan }),
      });
      return { runner, calls };
    },

    stock: (product: string, quantity: number) =>
      send(inventoryStream(product), inventoryDecider, {
        type: 'ReceiveStock',
        productId: productId(product),
        quantity,
      }),
    place: (lines: Readonly<Record<string, number>>, paymentToken = 'tok_ok') =>
      send(orderStream(ORDER), orderDecider, {
        type: 'PlaceOrder',
        orderId: ORDER,
        customerId: CUSTOMER,
        lines: Object.entries(lines).map(([product, quantity]) => ({
          productId: productId(product),
          name: product,
          quantity,
          unitPrice: PRICE,
        })),
        paymentToken,
        placedAt: clock().toISOString(),
      }),
    cancelShipment,
    /** As the API does: the shipment, which decides, then the order, by way of a shortcut. */
    cancel: async () => {
      await cancelShipment();
      return send(orderStream(ORDER), orderDecider, { type: 'CancelOrder', ...WHY });
    },
    dispatch: () =>
      send(shipmentStream(ORDER), shipmentDecider, {
        type: 'DispatchShipment',
        carrier: 'By hand',
        trackingNumber: 'H-1',
        dispatchedAt: clock().toISOString(),
      }),
    deliver: () =>
      send(shipmentStream(ORDER), shipmentDecider, {
        type: 'DeliverShipment',
        deliveredAt: clock().toISOString(),
      }),
    requestRefund: () =>
      send(paymentStream(ORDER), paymentDecider, {
        type: 'RequestRefund',
        reason: 'broken',
        requestedBy: 'olga',
      }),

    /** As an operator says, of a payment that the provider tells nothing of. */
    resolvePayment: (outcome: 'captured' | 'refunded') => {
      const why = { reason: 'asked by telephone', resolvedBy: 'olga' };
      const at = clock().toISOString();
      return send(
        paymentStream(ORDER),
        paymentDecider,
        outcome === 'captured'
          ? { type: 'ResolvePayment', ...why, outcome, capturedAt: at }
          : { type: 'ResolvePayment', ...why, outcome, refundedAt: at },
      );
    },

    /** As a provider might report it by itself, after all. */
    recordCapture: () =>
      send(paymentStream(ORDER), paymentDecider, {
        type: 'RecordCapture',
        reference: 'late',
        capturedAt: clock().toISOString(),
      }),

    /** All that a subscription would deliver, in order of the log. */
    async heard(): Promise<readonly RecordedEvent[]> {
      const found: RecordedEvent[] = [];
      for await (const recorded of store.readAll({ prefixes: HEARD })) found.push(recorded);
      return found;
    },
    /** The deadline that is current, by the stream itself. */
    async deadline() {
      const last = (await eventsOf(fulfilmentStream(ORDER))).findLast(
        ({ event }) => event.type !== 'FulfilmentRecalled',
      )?.event;
      if (last?.type !== 'DeadlineSet') return undefined;
      return last.data as {
        readonly deadlineId: string;
        readonly waitingFor: string;
        readonly dueAt: string;
      };
    },
    /** Lets the time come at which the current deadline is due; answers its id. */
    async untilDue(): Promise<string | undefined> {
      const deadline = await this.deadline();
      if (deadline !== undefined) time = Math.max(time, Date.parse(deadline.dueAt));
      return deadline?.deadlineId;
    },

    /** Where the order has come to: statuses, stock as [on hand, reserved], and why it was rejected. */
    async books(...products: readonly string[]) {
      const [order, payment, shipment] = await Promise.all([
        stateOf(orderStream(ORDER), orderDecider),
        stateOf(paymentStream(ORDER), paymentDecider),
        stateOf(shipmentStream(ORDER), shipmentDecider),
      ]);
      const stock: Record<string, readonly [number, number]> = {};
      for (const product of products) {
        const { onHand, reserved } = await stateOf(inventoryStream(product), inventoryDecider);
        stock[product] = [onHand, reserved];
      }
      return { order: order.status, payment: payment.status, shipment: shipment.status, stock };
    },
    /** Nothing is pending: the process manager has said so, and nothing came after it. */
    async atRest(): Promise<boolean> {
      return (await typesOf(fulfilmentStream(ORDER))).at(-1) === 'FulfilmentCompleted';
    },
  };
}

export type Shop = ReturnType<typeof shop>;

/** Delivers what happened last, and nothing that was delivered before. */
export async function deliverLast(shop: Pick<Shop, 'heard'>, { runner }: Process): Promise<void> {
  for (const recorded of (await shop.heard()).slice(-1)) await runner.handle(recorded);
}

/**
 * Delivers all that was not delivered, waits for the calls, delivers what they led to, and so on to rest. With
 * `deadlines`, the time passes and fires as many of them, while nothing else happens.
 */
export async function runToRest(shop: Shop, process: Process, { deadlines = 0 } = {}): Promise<void> {
  const delivered = new Set<string>();
  for (let fired = 0; ; ) {
    const news = (await shop.heard()).filter(({ id }) => !delivered.has(id));
    for (const recorded of news) {
      await process.runner.handle(recorded);
      delivered.add(recorded.id);
    }
    await process.calls.idle();
    if (news.length > 0) continue;
    const deadlineId = fired < deadlines ? await shop.untilDue() : undefined;
    if (deadlineId === undefined) return;
    await process.runner.fire(ORDER, deadlineId);
    await process.calls.idle();
    fired += 1;
  }
}
