import type { IncomingMessage, ServerResponse } from 'node:http';
import { Forbidden } from '../response/errors.ts';
import { hasSessionCookie } from '../tokens/session-cookies.ts';

/** Throws `Forbidden` for a request that a page of another origin sends. Adds `Vary` to the response. */
export type CheckOrigin = (req: IncomingMessage, res: ServerResponse) => void;

export interface Origins {
  /** Origin of the pages of the shop: that of `PUBLIC_URL`. */
  readonly own: string | undefined;
  /** Further origins whose pages may send requests without cookies: `CORS_ORIGINS`. */
  readonly others: readonly string[];
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Creates the check against cross-site request forgery (OWASP, Cross-Site Request Forgery Prevention Cheat Sheet): a request
 * that may change something, and that carries a cookie of a session or names a foreign origin, must come from a page of the
 * shop. Browsers say so by `Sec-Fetch-Site: same-origin`; those that do not send it, by `Origin`. Programs send neither cookies
 * nor an origin.
 */
export function createOriginCheck({ own, others }: Origins): CheckOrigin {
  const known = new Set(own === undefined ? others : [own, ...others]);
  return ({ method, headers }, res) => {
    if (SAFE_METHODS.has(method ?? '')) return;
    // Whether it is rejected depends on these.
    res.setHeader('vary', 'Sec-Fetch-Site, Origin');
    const { origin, cookie } = headers;
    const isForeign = origin !== undefined && !known.has(origin);
    if (!isForeign && !hasSessionCookie(cookie)) return;
    if (headers['sec-fetch-site'] === 'same-origin' || (origin !== undefined && origin === own)) return;
    throw new Forbidden(
      'the request comes from a page of another origin: Sec-Fetch-Site: same-origin, or the Origin of the shop, is required',
    );
  };
}
