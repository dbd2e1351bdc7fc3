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

const SUBSCRIBED = ['order-', 'payment-', 'shipment-'];
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
 * Creates a shop in memory: streams, external systems, a clock, and processes that handle deliveries. Nothing runs by
 * itself: a test delivers events one by one, or calls `runToRest`.
 */
export function createShop({
  payments = simulatedPayments(),
  carrier = autoCarrier(),
  policy = {},
}: ShopOptions = {}) {
  const store = createInMemoryEventStore({ catalogue });
  const direct = createCommandHandler({ store });
  const ownHandler = () =>
    createCommandHandler({ store: store.connectAgain(), limits: { cachedStreams: 20 } });
  let time = Date.parse('2026-01-05T10:00:00.000Z');
  const shopClock = () => new Date(time);

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
    clock: shopClock,
    /** Sets the clock, ahead or back. */
    jumpTo: (iso: string) => {
      time = Date.parse(iso);
    },
    direct,
    ownHandler,
    eventsOf,
    typesOf,

    /** Starts a process; without `clock` it uses the clock of the shop. */
    startProcess(
      handler: CommandHandler = ownHandler(),
      { clock = shopClock, timeoutScheduled, parking = createParking(handler, clock) }: ProcessOptions = {},
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
        placedAt: shopClock().toISOString(),
      }),
    cancelShipment,
    /** Cancels like the API: first the shipment, which accepts or rejects the cancellation, then the order. */
    cancel: async () => {
      await cancelShipment();
      return send(orderStream(ORDER), orderDecider, { type: 'CancelOrder', ...WHY });
    },
    dispatch: () =>
      send(shipmentStream(ORDER), shipmentDecider, {
        type: 'DispatchShipment',
        carrier: 'By hand',
        trackingNumber: 'H-1',
        dispatchedAt: shopClock().toISOString(),
      }),
    deliver: () =>
      send(shipmentStream(ORDER), shipmentDecider, {
        type: 'DeliverShipment',
        deliveredAt: shopClock().toISOString(),
      }),
    requestRefund: () =>
      send(paymentStream(ORDER), paymentDecider, {
        type: 'RequestRefund',
        reason: 'broken',
        requestedBy: 'olga',
      }),

    /** An operator resolves a payment whose outcome is unknown. */
    resolvePayment: (outcome: 'captured' | 'refunded') => {
      const why = { reason: 'asked by telephone', resolvedBy: 'olga' };
      const at = shopClock().toISOString();
      return send(
        paymentStream(ORDER),
        paymentDecider,
        outcome === 'captured'
          ? { type: 'ResolvePayment', ...why, outcome, capturedAt: at }
          : { type: 'ResolvePayment', ...why, outcome, refundedAt: at },
      );
    },

    /** Records a capture that the provider reports late. */
    recordCapture: () =>
      send(paymentStream(ORDER), paymentDecider, {
        type: 'RecordCapture',
        reference: 'late',
        capturedAt: shopClock().toISOString(),
      }),

    /** Returns all events that the subscription delivers, in order of the log. */
    async events(): Promise<readonly RecordedEvent[]> {
      const found: RecordedEvent[] = [];
      for await (const recorded of store.readAll({ prefixes: SUBSCRIBED })) found.push(recorded);
      return found;
    },
    /** Returns the current timeout from the stream of the fulfilment. */
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

    /** Returns the statuses of order, payment and shipment, and the stock as [on hand, reserved]. */
    async outcome(...products: readonly string[]) {
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
    /** Returns whether the last event of the fulfilment is `FulfilmentCompleted`: nothing is pending. */
    async isCompleted(): Promise<boolean> {
      return (await typesOf(fulfilmentStream(ORDER))).at(-1) === 'FulfilmentCompleted';
    },
  };
}

export type Shop = ReturnType<typeof createShop>;
/** A process of the process managers; a crash loses its memory. */
export type Process = ProcessManager;
