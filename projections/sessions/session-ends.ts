import type { EndedSessions } from '../../platform/http/tokens/ended-sessions.ts';
import type { TokenSession } from '../../platform/http/tokens/verified-token.ts';
import type { Revocation } from './document.ts';
import { isTokenRevoked } from './revocations.ts';

interface Listener {
  readonly session: TokenSession;
  readonly ended: () => void;
}

interface Seen<Fact> {
  readonly fact: Fact;
  /** When this process learned of it, by its monotonic clock. */
  readonly at: number;
}

/**
 * What this process knows of ended sessions and revocations. It forgets them once every access token from before has
 * expired; streams are told when the event arrives.
 */
export class SessionEnds implements Pick<EndedSessions, 'hasEnded' | 'onEnd'> {
  readonly #keepMs: number;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Seen<true>>();
  readonly #users = new Map<string, Seen<readonly Revocation[]>>();
  readonly #listeners = new Map<string, Set<Listener>>();

  /** `keepMs`: longer than the lifetime of access tokens. `now` is a monotonic clock in milliseconds. */
  constructor(keepMs: number, now: () => number = () => performance.now()) {
    this.#keepMs = keepMs;
    this.#now = now;
  }

  /** Number of remembered sessions and users. */
  get size(): number {
    return this.#sessions.size + this.#users.size;
  }

  sessionEnded(sessionId: string, userId: string): void {
    this.#remember(this.#sessions, sessionId, true);
    this.#tell(userId);
  }

  /** Adds revocations of a user; known ones count once. */
  revoked(userId: string, revocations: readonly Revocation[]): void {
    const known = this.#users.get(userId)?.fact ?? [];
    const added = revocations.filter(({ revision }) => !known.some((each) => each.revision === revision));
    this.#remember(this.#users, userId, [...known, ...added]);
    this.#tell(userId);
  }

  hasEnded(session: TokenSession): boolean {
    if (this.#sessions.has(session.sessionId)) return true;
    const revocations = this.#users.get(session.userId)?.fact;
    return revocations !== undefined && isTokenRevoked(revocations, session);
  }

  onEnd(session: TokenSession, ended: () => void): () => void {
    if (this.hasEnded(session)) {
      ended();
      return () => {};
    }
    const listener = { session, ended };
    const ofUser = this.#listeners.get(session.userId) ?? new Set();
    this.#listeners.set(session.userId, ofUser.add(listener));
    return () => this.#remove(listener);
  }

  #tell(userId: string): void {
    for (const listener of this.#listeners.get(userId) ?? [])
      if (this.hasEnded(listener.session)) {
        this.#remove(listener);
        listener.ended();
      }
  }

  #remove(listener: Listener): void {
    const { userId } = listener.session;
    const ofUser = this.#listeners.get(userId);
    ofUser?.delete(listener);
    if (ofUser?.size === 0) this.#listeners.delete(userId);
  }

  /** Entries are in order of time, so the oldest are at the front. */
  #remember<Fact>(facts: Map<string, Seen<Fact>>, id: string, fact: Fact): void {
    const at = this.#now();
    facts.delete(id);
    facts.set(id, { fact, at });
    for (const [oldId, seen] of facts) {
      if (at - seen.at < this.#keepMs) break;
      facts.delete(oldId);
    }
  }
}
