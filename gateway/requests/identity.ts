import type { IncomingMessage } from 'node:http';
import type { Authenticate } from '../../platform/http/tokens/authenticate.ts';
import type { VerifiedToken } from '../../platform/http/tokens/verified-token.ts';

/** Who sends a request, as far as the gateway needs to know it; the APIs check the token themselves. */
export interface Identity {
  /** The account that the rate limit counts. */
  readonly account: string;
  /** The session whose queries wait for its last write; all tokens of one machine count as one session. */
  readonly session: string;
  readonly role: string;
}

/** Returns the sender of a request; undefined without a valid token. A promise only when a key must be loaded first. */
export type IdentityOf = (req: IncomingMessage) => Identity | undefined | Promise<Identity | undefined>;

export function createIdentityOf(authenticate: Authenticate): IdentityOf {
  return (req) => {
    try {
      const token = authenticate(req);
      return token instanceof Promise ? token.then(identity, () => undefined) : token && identity(token);
    } catch {
      return undefined;
    }
  };
}

const identity = ({ caller: { sub, role, sessionId } }: VerifiedToken): Identity => ({
  account: sub,
  session: sessionId === undefined ? `machine ${sub}` : `session ${sessionId}`,
  role,
});
