import type { ServerHttp2Stream } from 'node:http2';

/** Returns the HTTP/2 stream of a call, if it is accessible: it is an internal of the gRPC library. */
export function http2StreamOf(call: object): ServerHttp2Stream | undefined {
  const inner: unknown = 'call' in call ? call.call : undefined;
  if (typeof inner !== 'object' || inner === null || !('stream' in inner)) return undefined;
  const stream = inner.stream as ServerHttp2Stream;
  return typeof stream?.respond === 'function' && typeof stream.write === 'function' ? stream : undefined;
}
