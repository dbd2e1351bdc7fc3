import type { IncomingMessage } from 'node:http';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Returns why a request is rejected, or undefined if it is accepted. A web page in the user's browser can reach a loopback
 * address, so a foreign `Host` (DNS rebinding) or `Origin` is rejected.
 */
export function reasonToRejectForeign(request: IncomingMessage, port: number): string | undefined {
  const { host, origin } = request.headers;
  if (host !== undefined && !isOwnOrigin(`http://${host}`, port))
    return 'This node accepts requests to its loopback address only.';
  if (origin !== undefined && !isOwnOrigin(origin, port))
    return 'This node does not accept requests from pages of other origins.';
  return undefined;
}

function isOwnOrigin(origin: string, port: number): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, port: given } = new URL(origin);
  return protocol === 'http:' && LOOPBACK_NAMES.has(hostname) && Number(given || 80) === port;
}
