import { createHash, createHmac, type KeyObject, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** A refresh token: `sessionId.secret`. The secret has 256 bits. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly secret: string;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;
const SessionId = z.uuid();

/** Returns the first refresh token of a session. */
export const createRefreshToken = (sessionId: string): RefreshToken => ({
  sessionId,
  secret: randomBytes(32).toString('base64url'),
});

/** Returns the parts of a refresh token; undefined for a text that is none. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [sessionId = '', secret = '', ...more] = text.split('.');
  if (more.length > 0 || !SECRET.test(secret) || !SessionId.safeParse(sessionId).success) return undefined;
  return { sessionId: sessionId.toLowerCase(), secret };
}

export const textOf = ({ sessionId, secret }: RefreshToken): string => `${sessionId}.${secret}`;

/** Returns the hash that the events hold: a reader of the events cannot refresh the session. */
export const hashOf = ({ secret }: RefreshToken): string =>
  createHash('sha256').update(secret).digest('base64url');

/** Returns the successor of a refresh token: the same for every client that presents it. */
export const successorOf = (tokenKey: KeyObject, { sessionId, secret }: RefreshToken): RefreshToken => ({
  sessionId,
  secret: createHmac('sha256', tokenKey).update(`refresh|${sessionId}|${secret}`).digest('base64url'),
});

/** Returns the first of the successors with this hash; undefined when none of the next `steps` has it. */
export function successorWithHash(
  tokenKey: KeyObject,
  presented: RefreshToken,
  hash: string,
  steps: number,
): RefreshToken | undefined {
  let token = presented;
  for (let step = 0; step < steps; step++) {
    token = successorOf(tokenKey, token);
    if (hashOf(token) === hash) return token;
  }
  return undefined;
}
