import type { Documents } from '../../read-store/read-store.ts';
import { isSession, type RevocationsDocument, type SessionDocument, type SessionsBody } from './document.ts';

type Sessions = Documents<SessionsBody>;

/** Maximum number of sessions in the list of a user. */
const MAX_LISTED = 200;

/** Returns the sessions of a user that have not ended, the newest first: at most 200. Expired and revoked ones are included. */
export async function findSessions(documents: Sessions, userId: string): Promise<SessionDocument[]> {
  const found = await documents.find({ index: 'byUser', equals: [userId], limit: MAX_LISTED });
  return found.map(({ body }) => body).filter(isSession);
}

const PAGE = 500;

/** Returns all sessions of a user, the newest first, also those that have ended. */
export async function findAllSessions(documents: Sessions, userId: string): Promise<SessionDocument[]> {
  const sessions: SessionDocument[] = [];
  let after: [string, string] | undefined;
  for (;;) {
    const found = await documents.find({ index: 'byOwner', equals: [userId], limit: PAGE, after });
    sessions.push(...found.map(({ body }) => body).filter(isSession));
    const last = found.at(-1);
    if (last === undefined || !isSession(last.body) || found.length < PAGE) return sessions;
    after = [last.body.startedAt, last.id];
  }
}

/** Yields the sessions that ended at or after this time (ISO 8601). */
export async function* findEndedSince(documents: Sessions, since: string): AsyncGenerator<SessionDocument> {
  for await (const body of allSince(documents, 'byEnd', since, (body) =>
    isSession(body) ? body.ended?.at : undefined,
  ))
    if (isSession(body)) yield body;
}

/** Yields the users with a revocation at or after this time (ISO 8601). */
export async function* findRevokedSince(
  documents: Sessions,
  since: string,
): AsyncGenerator<RevocationsDocument> {
  for await (const body of allSince(documents, 'byRevocation', since, (body) =>
    isSession(body) ? undefined : body.revokedAt,
  ))
    if (!isSession(body)) yield body;
}

async function* allSince(
  documents: Sessions,
  index: 'byEnd' | 'byRevocation',
  since: string,
  timeOf: (body: SessionsBody) => string | undefined,
): AsyncGenerator<SessionsBody> {
  let after: [string, string] | undefined;
  for (;;) {
    const found = await documents.find({ index, equals: [], from: since, limit: PAGE, after });
    yield* found.map(({ body }) => body);
    const last = found.at(-1);
    if (last === undefined || found.length < PAGE) return;
    after = [timeOf(last.body) ?? since, last.id];
  }
}
