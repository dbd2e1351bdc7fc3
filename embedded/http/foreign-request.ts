import type { IncomingMessage } from 'node:http';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Refuses what a web page of someone else's could send: a request for another host (DNS rebinding) or from another
 * origin. Binding to loopback alone keeps neither out.
 * @returns why it is refused, or undefined
 */
export function reasonToRejectForeign(request: IncomingMessage, port: number): string | undefined {
  const { host, origin } = request.headers;
  if (host !== undefined && !isOurs(`http://${host}`, port))
    return 'This node answers to its loopback address only.';
  if (origin !== undefined && !isOurs(origin, port))
    return 'This node does not answer to pages of other origins.';
  return undefined;
}

function isOurs(origin: string, port: number): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, port: given } = new URL(origin);
  return protocol === 'http:' && LOOPBACK_NAMES.has(hostname) && Number(given || 80) === port;
}
