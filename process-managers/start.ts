import pLimit from 'p-limit';
import type { Registry } from 'prom-client';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import { longestWaitMs, waitMs } from '../domain/fulfilment/deadlines.ts';
import { fulfilment } from '../domain/fulfilment/decider.ts';
import type { FulfilmentPolicy } from '../domain/fulfilment/policy.ts';
import { orderId as orderIdFrom } from '../domain/kernel/ids.ts';
import { type ItemToPark, refundItem } from '../event-catalogue/parked-items.ts';
import { parkingStream } from '../event-catalogue/streams.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { Logger } from '../event-store/logger.ts';
import type {
  ConsumerOptions,
  Delivery,
  PersistentSubscriptions,
  Verdict,
} from '../event-store/subscriptions/persistent-subscription.ts';
import type { Carrier } from '../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../integrations/payments/payment-provider.ts';
import type { Readiness } from '../platform/http/monitoring/health.ts';
import { limitOutageWarnings } from '../platform/logging/limit-warnings.ts';
import type { ReadStore } from '../read-store/read-store.ts';
import { deadlines } from './deadlines.ts';
import { type FulfilmentRunner, fulfilmentRunner } from './fulfilment-runner.ts';
import { keepDoing } from './keep-doing.ts';
import { processManagerMetrics } from './metrics.ts';
import { observedWaits } from './observed-waits.ts';
import { openingStock } from './opening-stock.ts';
import { outsideCalls } from './outside-calls.ts';
import { createCrashGuard } from './parking/crash-guard.ts';
import { createDeliveryHandler } from './parking/delivery-handler.ts';
import { createParkException } from './parking/exceptions.ts';
import { createCallWithParking } from './parking/park-failed-calls.ts';
import { createParkRefund } from './parking/park-refunds.ts';
import { createParkWait, createUnparkWait } from './parking/park-waits.ts';
import { createParking } from './parking/parking.ts';
import { redeliverParked } from './parking/redeliver-parked.ts';
import { createReplayItems, itemToReplay } from './parking/replay-items.ts';
import { type Dependencies, readinessOf } from './readiness.ts';
import { callAndRecord } from './record-facts.ts';

export interface Concurrency {
  /** Deliveries of fulfilment that are handled at once. */
  readonly deliveries: number;
  /** Steps that run at once, of all orders together. */
  readonly steps: number;
  /** Calls to the outside that run at once. */
  readonly calls: number;
  /** Calls that may wait for their turn; those beyond are left to their deadlines. */
  readonly callsWaiting: number;
}

export const defaultConcurrency: Concurrency = {
  deliveries: 64,
  steps: 256,
  calls: 256,
  callsWaiting: 20_000,
};

/** How often the deadlines are looked at. */
const LOOK_EVERY_MS = 500;
/** Milliseconds between two looks at the running replays. */
const CONTINUE_REPLAYS_EVERY_MS = 500;
/** Milliseconds between two checks whether the event store has parked something by itself. */
const REDELIVER_PARKED_EVERY_MS = 60_000;
/** Milliseconds for which external calls may continue after a stop. */
const GRACE_MS = 8_000;

export interface ProcessManagersOptions {
  readonly store: Pick<EventStore, 'read'> & PersistentSubscriptions;
  readonly handler: CommandHandler;
  readonly readStore: ReadStore;
  /** Dependencies for health; must return at once. */
  readonly dependencies: () => Dependencies;
  readonly payments: PaymentProvider;
  readonly carrier: Carrier;
  readonly policy: FulfilmentPolicy;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly clock: () => Date;
  readonly concurrency?: Partial<Concurrency>;
}

export interface ProcessManagers {
  /** Whether events are consumed and deadlines fire. */
  ready(): Promise<Readiness>;
  /** Takes nothing more, finishes what is in hand, and ends. */
  stop(): Promise<void>;
}

interface Subscription extends Pick<ConsumerOptions, 'group' | 'from' | 'concurrency'> {
  readonly handle: (recorded: RecordedEvent) => Promise<void>;
  /** The parked item that an event is about, when that is not the event itself. */
  readonly about?: (recorded: RecordedEvent) => Pick<ItemToPark, 'itemId'>;
}

/** Starts every process manager of the system. Any number of processes may do so at once. */
export function startProcessManagers(options: ProcessManagersOptions): ProcessManagers {
  const { store, handler, readStore, dependencies, payments, carrier, policy, logger, clock } = options;
  const outage = limitOutageWarnings(logger, 'event store');
  const readStoreOutage = limitOutageWarnings(logger, 'read store');
  const concurrency = { ...defaultConcurrency, ...options.concurrency };
  const aborter = new AbortController();
  const { signal } = aborter;

  const parking = createParking(handler, clock);
  const guard = createCrashGuard(handler, clock);
  // One instance for all: the command handler caches a state for the decider that made it.
  const decider = fulfilment(policy);
  const parkRefund = createParkRefund({ handler, decider, parking, clock });
  const parkWait = createParkWait({ handler, decider, parking, clock, logger });
  const makeAndRecord = callAndRecord({
    payments,
    carrier,
    handler,
    clock,
    logger,
    parkRefund,
    unparkRefund: (orderId) => parking.resolve(refundItem(orderId).itemId),
    paid: (order, cause) => runner.paid(order, cause),
  });
  const calls = outsideCalls({
    make: createCallWithParking(makeAndRecord, parkWait, guard, logger),
    atOnce: concurrency.calls,
    waiting: concurrency.callsWaiting,
    logger,
  });
  const elapsed = () => performance.now();
  const waits = observedWaits({
    lastsMs: (wait) => waitMs({ ...wait, orderId: orderIdFrom(wait.orderId) }, policy),
    elapsed,
  });
  const runner: FulfilmentRunner = fulfilmentRunner({
    handler,
    decider,
    calls,
    unparkWait: createUnparkWait(parking, logger),
    parkException: createParkException(parking, logger),
    waitBegan: waits.began,
    stepLimit: pLimit(concurrency.steps),
    clock,
  });
  // Streams of stock are not among them: nothing here follows from a movement, and there are a great many.
  const listeners: readonly Subscription[] = [
    {
      group: 'fulfilment',
      from: { prefixes: ['order-', 'payment-', 'shipment-'] },
      concurrency: concurrency.deliveries,
      handle: runner.handle,
    },
    {
      group: 'opening-stock',
      from: { prefixes: ['product-'] },
      concurrency: 16,
      handle: openingStock(handler),
    },
  ];
  const handlers = new Map(listeners.map(({ group, handle }) => [group, handle]));
  const subscriptions: readonly Subscription[] = [
    ...listeners,
    {
      group: 'parking',
      from: { stream: parkingStream },
      concurrency: 8,
      handle: createReplayItems({ parking, store, handlers, runner, calls }),
      about: itemToReplay,
    },
  ];

  const metrics = processManagerMetrics(options.metrics, {
    groups: subscriptions.map(({ group }) => group),
    calls,
    parked: parking.list,
  });
  const counted =
    (group: string, handle: (delivery: Delivery) => Promise<Verdict>) =>
    async (delivery: Delivery): Promise<Verdict> => {
      waits.recordedAt(delivery.recorded.at);
      const verdict = await handle(delivery);
      metrics.delivered(group, verdict.verdict, clock().getTime() - delivery.recorded.at.getTime());
      return verdict;
    };

  const consumers = new Map(subscriptions.map(({ group }) => [group, 'ok']));
  const consuming = subscriptions.map(async ({ from, concurrency, ...subscription }) => {
    const { group } = subscription;
    try {
      const { handle, park } = createDeliveryHandler({ ...subscription, parking, guard });
      await store.consumeGroup({ group, from, concurrency, handle: counted(group, handle), park, signal });
    } catch (error) {
      consumers.set(group, 'this subscription has ended: the log says why');
      logger.error('a subscription has ended', { group, error });
    }
  });

  const watch = deadlines({
    readStore,
    fire: runner.fire,
    park: ({ orderId, deadlineId, waitingFor }, why) =>
      parkWait(orderIdFrom(orderId), waitingFor, why, { id: deadlineId }),
    guard,
    clock,
    longestMs: (kind) => longestWaitMs(kind, policy),
    elapsed,
    isOver: waits.isOver,
    logger,
    onDue: metrics.deadline,
    atOnce: concurrency.deliveries,
  });
  /** Why the deadlines could not be looked at, the last time. */
  let lookFailed: unknown;
  const looking = keepDoing(
    LOOK_EVERY_MS,
    async () => {
      const fired = await watch.look();
      lookFailed = undefined;
      return fired > 0;
    },
    (error) => {
      readStoreOutage.warn('the deadlines cannot be read', { error: String(error) });
      lookFailed = error;
    },
  );

  const continuingReplays = keepDoing(
    CONTINUE_REPLAYS_EVERY_MS,
    async () => (await parking.continueReplays()) > 0,
    (error) => outage.warn('cannot continue the replays of parked items', { error: String(error) }),
  );
  const redelivering = keepDoing(
    REDELIVER_PARKED_EVERY_MS,
    async () => {
      await redeliverParked(store, [...handlers.keys()], logger);
      return false;
    },
    (error) => outage.warn('cannot read whether the event store has parked events', { error: String(error) }),
  );

  return {
    async ready() {
      return readinessOf(dependencies(), consumers, lookFailed);
    },
    async stop() {
      aborter.abort();
      await Promise.all([looking.stop(), continuingReplays.stop(), redelivering.stop(), ...consuming]);
      await calls.stop(GRACE_MS);
    },
  };
}
