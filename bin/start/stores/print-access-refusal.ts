import { catalogue } from '../../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../../event-store/connect.ts';
import { EventStoreAccessDenied } from '../../../event-store/errors.ts';

/** Maximum milliseconds to wait for an answer. The log reports an event store that does not answer. */
const LIMITS = { answerWithinMs: 2_000, patienceMs: 2_000 } as const;

/** Prints one sentence when the event store denies access. The roles keep waiting, since the server may be corrected. */
export async function printAccessRefusal(url: string): Promise<void> {
  const store = connectEventStore({ catalogue, url, ...LIMITS });
  try {
    await store.head();
  } catch (error) {
    if (error instanceof EventStoreAccessDenied)
      process.stderr.write(`${error.message}; the started roles wait until this is corrected\n`);
  } finally {
    await store.close();
  }
}
