import type { Caller } from '../route.ts';

/** A token that was valid when it was verified. */
export interface VerifiedToken {
  readonly caller: Caller;
  /** When the token expires, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Absent for a machine token. */
  readonly session?: TokenSession;
}

/** The session that an access token belongs to. */
export interface TokenSession {
  readonly sessionId: string;
  readonly userId: string;
  /** Revision of the user's stream when the token was issued: later events there may have made it invalid. */
  readonly userRevision: number;
  /** When the session ends unless it is refreshed, in milliseconds since the epoch. */
  readonly endsAt: number;
}
