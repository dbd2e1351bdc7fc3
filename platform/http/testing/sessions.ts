import { generateKeyPairSync } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Role } from '../route.ts';
import type { EndedSessions } from '../tokens/ended-sessions.ts';
import { signSessionToken } from '../tokens/session-token.ts';
import type { SessionRules } from '../tokens/tokens.ts';
import type { TokenSession } from '../tokens/verified-token.ts';

export const issuer = 'http://127.0.0.1:8080';

/** Returns a key pair as the key store has them. */
export const createKey = (kid: string) => ({ kid, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) });

/** Sessions that a spec ends by hand. */
export class EndableSessions implements EndedSessions {
  readonly #ended = new Set<string>();
  readonly #ends = new EventEmitter().setMaxListeners(0);

  end(sessionId: string): void {
    this.#ended.add(sessionId);
    this.#ends.emit(sessionId);
  }

  hasEnded({ sessionId }: TokenSession): boolean {
    return this.#ended.has(sessionId);
  }

  onEnd({ sessionId }: TokenSession, ended: () => void): () => void {
    if (this.#ended.has(sessionId)) ended();
    this.#ends.once(sessionId, ended);
    return () => this.#ends.off(sessionId, ended);
  }
}

const DAY_MS = 24 * 3600 * 1000;

/** Returns rules for tokens that one key signs, and a function that signs one. */
export function createSessions() {
  const key = createKey('k-1');
  const ended = new EndableSessions();
  const rules: SessionRules = {
    keys: { find: (kid) => (kid === key.kid ? key.publicKey : undefined) },
    issuer,
    ended,
  };
  const token = (sub: string, role: Role = 'customer', more: Partial<TokenSession> & { at?: number } = {}) =>
    signSessionToken(key, {
      ...{ issuer, role, userId: sub, sessionId: `session-of-${sub}`, userRevision: 0 },
      ...{ at: Date.now(), endsAt: Date.now() + DAY_MS },
      ...more,
    });
  return { key, ended, rules, token };
}
