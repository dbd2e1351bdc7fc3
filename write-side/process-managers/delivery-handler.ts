import type { Logger } from '../../event-store/logger.ts';
import type { Delivery, Verdict } from '../../event-store/persistent-subscription.ts';
import type { RecordedEvent } from '../../event-store/recorded-event.ts';
import { verdictOn } from './verdicts.ts';

/** How often a delivery is tried again before it is set aside; the subscription waits ever longer in between. */
export const RETRIES = 10;

interface Options {
  readonly name: string;
  readonly handle: (recorded: RecordedEvent) => Promise<void>;
  readonly logger: Logger;
}

/** Makes a verdict of what became of a delivery. */
export function deliveryHandler({ name, handle, logger }: Options) {
  return async ({ recorded, retryCount }: Delivery): Promise<Verdict> => {
    try {
      await handle(recorded);
      return { verdict: 'ack' };
    } catch (error) {
      const verdict = verdictOn(error, retryCount, RETRIES);
      if (verdict.verdict === 'park') {
        const { stream, event, revision } = recorded;
        const at = { stream, revision: String(revision), type: event.type };
        logger.error('a process manager gave an event up', { name, ...at, retryCount, error });
      }
      return verdict;
    }
  };
}
