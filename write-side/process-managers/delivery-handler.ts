import type { Logger } from '../../event-store/logger.ts';
import type { Delivery, Verdict } from '../../event-store/persistent-subscription.ts';
import type { RecordedEvent } from '../../event-store/recorded-event.ts';
import { wait } from '../adapters/wait.ts';
import { verdictOn } from './verdicts.ts';

/** How often a delivery is tried again before it is set aside; the server's own limit must not be below it. */
export const RETRIES = 8;
const LONGEST_PAUSE_MS = 2_000;

interface Options {
  readonly name: string;
  readonly handle: (recorded: RecordedEvent) => Promise<void>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Makes a verdict of what became of a delivery. One that fails for a passing cause is given back after a pause
 * (50 ms, doubling to 2 s), since the server would deliver it again at once and a store that is away would use up all
 * retries in a moment. A delivery that never came to an end (its process died of it) is parked unhandled.
 */
export function deliveryHandler({ name, handle, logger, signal }: Options) {
  return async ({ recorded, retryCount }: Delivery): Promise<Verdict> => {
    if (retryCount > RETRIES)
      return { verdict: 'park', reason: `delivered ${retryCount + 1} times, and never came to an end` };
    try {
      await handle(recorded);
      return { verdict: 'ack' };
    } catch (error) {
      const verdict = verdictOn(error, retryCount, RETRIES);
      const { type } = recorded.event;
      const at = { handler: name, stream: recorded.stream, revision: String(recorded.revision), type };
      if (verdict.verdict === 'park') logger.error('an event is set aside', { ...at, retryCount, error });
      else {
        logger.warn('an event is tried again', { ...at, retryCount, error });
        await wait(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** retryCount), signal);
      }
      return verdict;
    }
  };
}
