import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { GATEWAY_KEY_HEADER } from '../../platform/http/request/gateway-key.ts';
import { LAST_WRITE_HEADER } from '../../platform/http/request/last-write.ts';
import { traceparentFrom } from '../../platform/http/request/trace-headers.ts';
import { forwardedFields } from './header-fields.ts';

/** What the gateway adds to a request. */
export interface Added {
  readonly requestId: string;
  readonly clientAddress: string;
  readonly gatewayKey: string;
  readonly lastWrite?: string | undefined;
  /** The body, read completely; undefined for a request without one. */
  readonly body: Buffer | undefined;
}

/** Fields that the gateway sets itself, or that only the gateway may set: those of the client are dropped. */
const REPLACED: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'forwarded',
  'x-real-ip',
  'x-request-id',
  'traceparent',
  'tracestate',
  GATEWAY_KEY_HEADER,
  LAST_WRITE_HEADER,
]);

const isReplaced = (name: string): boolean => REPLACED.has(name) || name.startsWith('x-forwarded-');

/**
 * Returns the headers of a request as an API gets it. Fields that the client sent twice stay two, so that the API can
 * reject them as it would without a gateway.
 */
export function upstreamHeaders(request: IncomingMessage, added: Added): IncomingHttpHeaders {
  const { rawHeaders, headers, method } = request;
  const result = forwardedFields(rawHeaders, headers.connection, isReplaced);
  const traceparent = traceparentFrom(headers.traceparent as string | undefined);
  result.traceparent = traceparent;
  if (traceparent === headers.traceparent && typeof headers.tracestate === 'string')
    result.tracestate = headers.tracestate;
  result['x-request-id'] = added.requestId;
  result['x-forwarded-for'] = added.clientAddress;
  if (headers.host !== undefined) result['x-forwarded-host'] = headers.host;
  result[GATEWAY_KEY_HEADER] = added.gatewayKey;
  if (added.lastWrite !== undefined) result[LAST_WRITE_HEADER] = added.lastWrite;
  if (added.body !== undefined) result['content-length'] = String(added.body.length);
  else if (method !== 'GET' && method !== 'HEAD') result['content-length'] = '0';
  return result;
}
