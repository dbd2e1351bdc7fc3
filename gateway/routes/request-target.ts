import { InvalidRequest } from '../../platform/http/response/errors.ts';

/**
 * Returns the request target in origin form: `/path?query`. A proxy must accept the absolute form (RFC 9112, 3.2.2). Throws
 * `InvalidRequest` for characters that no URL has: two parsers could read such a target differently.
 */
export function originForm(target: string): string {
  const [origin] = /^https?:\/\/[^/?#]+/i.exec(target) ?? [''];
  const path = target.slice(origin.length);
  const url = path.startsWith('/') ? path : `/${path}`;
  if ((origin === '' && !path.startsWith('/')) || !ALLOWED.test(url))
    throw new InvalidRequest('path', [
      { path: '', message: 'is a path of visible ASCII characters without # and \\; encode others with %' },
    ]);
  return url;
}

/** Visible ASCII without `#`, which clients do not send, and `\`, which some parsers take for `/`. */
const ALLOWED = /^[!"$-[\]-~]+$/;

/** Returns the part before the query. */
export function pathOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? url : url.slice(0, at);
}
