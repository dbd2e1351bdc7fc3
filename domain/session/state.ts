import { Map as ImmutableMap } from 'immutable';
import type { CustomerId } from '../kernel/ids.ts';
import { IDLE_LIFETIME_MS } from './lifetimes.ts';

export interface ActiveSession {
  readonly status: 'active';
  readonly sessionId: string;
  readonly userId: CustomerId;
  readonly userRevision: bigint;
  /** Hash of the current refresh token. */
  readonly tokenHash: string;
  /** When each earlier refresh token was used, in milliseconds since the epoch, by its hash. */
  readonly spent: ImmutableMap<string, number>;
  readonly lastUsedAt: string;
  /** The latest end, however often the session is refreshed. */
  readonly expiresAt: string;
}
export interface EndedSession {
  readonly status: 'ended';
  readonly sessionId: string;
  readonly userId: CustomerId;
}

export type SessionState = { readonly status: 'unknown' } | ActiveSession | EndedSession;

export const initialSession: SessionState = { status: 'unknown' };

export const noSpentTokens: ActiveSession['spent'] = ImmutableMap();

/** Returns when the session ends unless it is refreshed before, in milliseconds since the epoch. */
export const endOfSession = ({
  lastUsedAt,
  expiresAt,
}: Pick<ActiveSession, 'lastUsedAt' | 'expiresAt'>): number =>
  Math.min(Date.parse(lastUsedAt) + IDLE_LIFETIME_MS, Date.parse(expiresAt));
