import pLimit from 'p-limit';
import type { CommandHandler } from '../../../command-handling/command-handler.ts';
import { createCommandHandler } from '../../../command-handling/create-command-handler.ts';
import { type FulfilmentPolicy, fulfilmentPolicy } from '../../../domain/fulfilment/policy.ts';
import { inventoryDecider } from '../../../domain/inventory/decider.ts';
import type { Decider } from '../../../domain/kernel/decider.ts';
import type { DomainEvent } from '../../../domain/kernel/event.ts';
import { customerId, orderId, productId } from '../../../domain/kernel/ids.ts';
import { money } from '../../../domain/kernel/money.ts';
import { orderDecider } from '../../../domain/order/decider.ts';
import { paymentDecider } from '../../../domain/payment/decider.ts';
import { shipmentDecider } from '../../../domain/shipment/decider.ts';
import { catalogue } from '../../../event-catalogue/catalogue.ts';
import {
  fulfilmentStream,
  inventoryStream,
  orderStream,
  paymentStream,
  shipmentStream,
} from '../../../event-catalogue/streams.ts';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import { silent } from '../../../event-store/logger.ts';
import { createInMemoryEventStore } from '../../../event-store/testing/in-memory-event-store.ts';
import { autoCarrier, type Carrier } from '../../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../../integrations/payments/simulated-payments.ts';
import { createProcessManager, type ProcessManager } from '../../engine/create-process-manager.ts';
import { createCrashGuard } from '../../engine/parking/crash-guard.ts';
import { createParking, type Parking } from '../../engine/parking/parking.ts';
import { fulfilment } from '../fulfilment.ts';

const HEARD = ['order-', 'payment-', 'shipment-'];
export const ORDER = orderId('o-1');
const CUSTOMER = customerId('ann');
const WHY = { reason: 'changed my mind', cancelledBy: 'ann' };
const PRICE = money(250, 'GBP');

interface ProcessOptions {
  readonly clock?: () => Date;
  readonly timeoutScheduled?: (timeoutId: string) => void;
  readonly parking?: Parking;
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
      { clock = here, timeoutScheduled, parking = createParking(handler, clock) }: ProcessOptions = {},
    ): ProcessManager {
      return createProcessManager(
        fulfilment({ policy: { ...fulfilmentPolicy, ...policy }, payments, carrier, handler, clock }),
        {
          handler,
          parking,
          guard: createCrashGuard(handler, clock),
          limit: pLimit(10),
          maxRunningCalls: 10,
          maxWaitingCalls: 100,
          clock,
          logger: silent,
          ...(timeoutScheduled && { timeoutScheduled }),
        },
      );
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
    /** Returns the current timeout, by the stream itself. */
    async timeout() {
      const last = (await eventsOf(fulfilmentStream(ORDER))).findLast(
        ({ event }) => event.type !== 'FulfilmentRecalled',
      )?.event;
      if (last?.type !== 'TimeoutScheduled') return undefined;
      return last.data as {
        readonly timeoutId: string;
        readonly waitingFor: string;
        readonly dueAt: string;
      };
    },
    /** Advances the clock until the current timeout is due; returns its id. */
    async untilDue(): Promise<string | undefined> {
      const timeout = await this.timeout();
      if (timeout !== undefined) time = Math.max(time, Date.parse(timeout.dueAt));
      return timeout?.timeoutId;
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
/** A process of the process managers: its memory is lost when it crashes. */
export type Process = ProcessManager;

/** Delivers the last event, and nothing that was delivered before. */
export async function deliverLast(
  shop: Pick<Shop, 'heard'>,
  process: Pick<ProcessManager, 'handle'>,
): Promise<void> {
  for (const recorded of (await shop.heard()).slice(-1)) await process.handle(recorded);
}

/**
 * Delivers all events that were not delivered, waits for the calls, delivers what they led to, and so on until nothing
 * happens. Then, with `timeouts`, lets up to that many timeouts elapse.
 */
export async function runToRest(shop: Shop, process: ProcessManager, { timeouts = 0 } = {}): Promise<void> {
  const delivered = new Set<string>();
  for (let elapsed = 0; ; ) {
    const news = (await shop.heard()).filter(({ id }) => !delivered.has(id));
    for (const recorded of news) {
      await process.handle(recorded);
      delivered.add(recorded.id);
    }
    await process.calls.idle();
    if (news.length > 0) continue;
    const timeoutId = elapsed < timeouts ? await shop.untilDue() : undefined;
    if (timeoutId === undefined) return;
    await process.timeoutElapsed(ORDER, timeoutId);
    await process.calls.idle();
    elapsed += 1;
  }
}
