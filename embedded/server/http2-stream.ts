import type { ServerHttp2Stream } from 'node:http2';

/** The gRPC library's own stream beneath a call: not part of its interface, so nothing is taken for granted. */
export function http2StreamOf(call: object): ServerHttp2Stream | undefined {
  const inner: unknown = 'call' in call ? call.call : undefined;
  if (typeof inner !== 'object' || inner === null || !('stream' in inner)) return undefined;
  const stream = inner.stream as ServerHttp2Stream;
  return typeof stream?.respond === 'function' && typeof stream.write === 'function' ? stream : undefined;
}
