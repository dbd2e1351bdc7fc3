import { connectEventStore } from '../event-store/connect.ts';
import { EventStoreRefused } from '../event-store/errors.ts';

/** Long enough to find out that the event store refuses; one that does not answer is waited for, and told of in the log. */
const LIMITS = { answerWithinMs: 2_000, patienceMs: 2_000 } as const;

/** Prints one sentence when the event store refuses: the roles go on waiting, since it may be mended at the server. */
export async function tellRefusal(url: string): Promise<void> {
  const store = connectEventStore({ url, ...LIMITS });
  try {
    await store.head();
  } catch (error) {
    if (error instanceof EventStoreRefused)
      process.stderr.write(`${error.message}; what was started waits for that\n`);
  } finally {
    await store.close();
  }
}
