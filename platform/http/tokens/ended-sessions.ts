import type { TokenSession } from './verified-token.ts';

/** Tells which access tokens became invalid before they expire: the session, or the user, has ended or changed. */
export interface EndedSessions {
  /** Returns whether tokens of this session and user revision are invalid. Throws `Unavailable` while that is not known. */
  hasEnded(session: TokenSession): boolean;
  /** Calls `ended` once, when `hasEnded` becomes true; at once if it is. Returns a function that cancels this. */
  onEnd(session: TokenSession, ended: () => void): () => void;
}
