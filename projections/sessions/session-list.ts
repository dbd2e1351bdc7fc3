import type { Position } from '../../event-store/codec/recorded-event.ts';
import { pause } from '../../platform/async/backoff.ts';
import { withTimeout } from '../../platform/async/timeout.ts';
import { Unavailable } from '../../platform/http/response/errors.ts';
import type { Documents, ReadStore } from '../../read-store/read-store.ts';
import type { SessionDocument, SessionsBody } from './document.ts';
import { sessionsProjection } from './projection.ts';
import { findSessions } from './queries.ts';

/** Milliseconds for which a list waits for an unavailable read store, and for a read model that is behind. */
const WAIT_MS = 2_000;
const POLL_MS = 20;

/**
 * Returns a function that lists the sessions of a user from the read model. It waits for a position for at most 2 s, and then
 * returns what there is. Throws `Unavailable`, and what the read store throws.
 */
export const createSessionList =
  (readStore: () => Promise<Pick<ReadStore, 'live'>>, waitMs = WAIT_MS) =>
  async (userId: string, from: Position | undefined): Promise<readonly SessionDocument[]> => {
    const unavailable = () => new Unavailable('the read store does not respond');
    const opened = await withTimeout(readStore(), waitMs, unavailable);
    const live = () => opened.live<SessionsBody>(sessionsProjection);
    const until = performance.now() + waitMs;
    let documents = await live();
    while (from !== undefined && !(await has(documents, from)) && performance.now() < until) {
      await pause(POLL_MS);
      documents = await live();
    }
    return findSessions(documents, userId);
  };

const has = async (documents: Documents<SessionsBody>, { commit }: Position): Promise<boolean> =>
  ((await documents.checkpoint())?.commit ?? -1n) >= commit;
