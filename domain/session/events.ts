import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId } from '../kernel/ids.ts';
import { PersonalData } from '../kernel/personal-data.ts';
import { Instant } from '../kernel/values.ts';

const ofSession = { sessionId: z.uuid(), userId: CustomerId };
/** SHA-256 of the secret of a refresh token, in base64url. */
const TokenHash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * A user has logged in. `userRevision` is the revision of the user's stream at that time, in decimal digits: later events
 * there may end the session. `address` is the client's IP address.
 */
export const SessionStarted = defineEvent('SessionStarted', 1, {
  ...ofSession,
  userRevision: z.string().regex(/^\d+$/),
  tokenHash: TokenHash,
  userAgent: PersonalData.optional(),
  address: PersonalData.optional(),
  startedAt: Instant,
  expiresAt: Instant,
});
/** A client has used the refresh token and got its successor. */
export const SessionRefreshed = defineEvent('SessionRefreshed', 1, {
  ...ofSession,
  tokenHash: TokenHash,
  refreshedAt: Instant,
});
/** `token-reused`: a refresh token came again long after it was used, so a second client has a copy of it. */
export const SessionEnded = defineEvent('SessionEnded', 1, {
  ...ofSession,
  reason: z.enum(['logged-out', 'ended-by-owner', 'ended-by-admin', 'replaced', 'token-reused']),
  endedAt: Instant,
});

export const sessionEvents = [SessionStarted, SessionRefreshed, SessionEnded] as const;
export type SessionEvent = EventOf<(typeof sessionEvents)[number]>;
export type EndReason = z.output<typeof SessionEnded.schema>['reason'];
