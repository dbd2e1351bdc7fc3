import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Header by which the APIs recognize the gateway. The gateway removes it from the requests of clients. */
export const GATEWAY_KEY_HEADER = 'orderstream-gateway-key';

/** Returns the key that the gateway sends: an HMAC under `JWT_SECRET`, which gateway and APIs share. */
export const gatewayKeyOf = (secret: KeyObject): string =>
  createHmac('sha256', secret).update('gateway').digest('base64url');

/** Creates a check whether a request comes from the gateway. */
export function createGatewayCheck(secret: KeyObject): (headers: IncomingHttpHeaders) => boolean {
  const key = Buffer.from(gatewayKeyOf(secret));
  return (headers) => {
    const sent = headers[GATEWAY_KEY_HEADER];
    if (typeof sent !== 'string') return false;
    const bytes = Buffer.from(sent);
    return bytes.length === key.length && timingSafeEqual(bytes, key);
  };
}
