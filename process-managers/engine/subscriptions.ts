import type { ItemToPark } from '../../event-catalogue/parked-items.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { Logger } from '../../event-store/logger.ts';
import type {
  ConsumerOptions,
  Delivery,
  PersistentSubscriptions,
  Verdict,
} from '../../event-store/subscriptions/persistent-subscription.ts';
import type { CrashGuard } from './parking/crash-guard.ts';
import { createDeliveryHandler } from './parking/delivery-handler.ts';
import type { Parking } from './parking/parking.ts';

export interface Subscription extends Pick<ConsumerOptions, 'group' | 'from' | 'concurrency'> {
  readonly handle: (recorded: RecordedEvent) => Promise<void>;
  /** The parked item that an event is about, when that is not the event itself. */
  readonly about?: (recorded: RecordedEvent) => Pick<ItemToPark, 'itemId'>;
}

interface Options {
  readonly store: Pick<PersistentSubscriptions, 'consumeGroup'>;
  readonly parking: Parking;
  readonly guard: CrashGuard;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onDelivery: (delivery: Delivery) => void;
  readonly onVerdict: (group: string, delivery: Delivery, verdict: Verdict) => void;
}

export interface Consumers {
  /** `ok` for each group, or a sentence once its subscription has ended. */
  readonly checks: ReadonlyMap<string, string>;
  /** Resolves when all have ended. */
  readonly ended: Promise<unknown>;
}

/** Consumes persistent subscriptions until the signal aborts. */
export function consume(subscriptions: readonly Subscription[], options: Options): Consumers {
  const { store, parking, guard, logger, signal, onDelivery, onVerdict } = options;
  const checks = new Map(subscriptions.map(({ group }) => [group, 'ok']));

  const observing =
    (group: string, handle: (delivery: Delivery) => Promise<Verdict>) =>
    async (delivery: Delivery): Promise<Verdict> => {
      onDelivery(delivery);
      const verdict = await handle(delivery);
      onVerdict(group, delivery, verdict);
      return verdict;
    };

  async function consumeOne({ from, concurrency, ...subscription }: Subscription): Promise<void> {
    const { group } = subscription;
    try {
      const { handle, park } = createDeliveryHandler({ ...subscription, parking, guard });
      await store.consumeGroup({ group, from, concurrency, handle: observing(group, handle), park, signal });
    } catch (error) {
      checks.set(group, 'this subscription has ended: the log says why');
      logger.error('a subscription has ended', { group, error });
    }
  }

  return { checks, ended: Promise.all(subscriptions.map(consumeOne)) };
}
