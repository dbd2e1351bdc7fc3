import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';

/** How the front ends a call itself: a gRPC status with its message, and trailers such as `exception`. */
export interface Ending {
  readonly status: number;
  readonly message: string;
  readonly trailers?: Readonly<Record<string, string>>;
}

export interface NodeFrontOptions {
  readonly toPort: () => number;
  /** Serves TLS with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** What to do with a call instead of forwarding it: end it, answer it with one message, or leave it unanswered. */
  readonly instead?: (
    path: string,
    headers: IncomingHttpHeaders,
  ) => Ending | { readonly answer: Uint8Array } | 'nothing' | undefined;
}

/** A gRPC proxy before an embedded node, which adds features that the node does not have. */
export interface NodeFront {
  readonly port: number;
  /** Received calls, by path. */
  readonly calls: readonly string[];
  /** Ends all calls in flight at the node, as if it lost the leadership. */
  resign(): void;
  stop(): Promise<void>;
}

const GRPC = { ':status': 200, 'content-type': 'application/grpc' };

export async function startNodeFront({ toPort, tls, instead }: NodeFrontOptions): Promise<NodeFront> {
  const calls: string[] = [];
  const sockets = new Set<Socket>();
  let behind: ClientHttp2Session | undefined;
  const session = () => {
    if (behind === undefined || behind.destroyed || behind.closed) {
      behind = connect(`http://127.0.0.1:${toPort()}`);
      behind.on('error', () => {});
    }
    return behind;
  };
  const server: Http2Server = tls === undefined ? createServer() : createSecureServer(tls);
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {});
    const path = String(headers[':path']);
    calls.push(path);
    const what = instead?.(path, headers);
    if (what === undefined) passOn(stream, headers, session());
    else if (what === 'nothing') return;
    else if ('answer' in what) answer(stream, what.answer);
    else end(stream, what);
  });
  server.on('sessionError', () => {});
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    resign: () => behind?.destroy(),
    stop: async () => {
      behind?.destroy();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function end(stream: ServerHttp2Stream, { status, message, trailers }: Ending): void {
  stream.respond(
    { ...GRPC, 'grpc-status': status, 'grpc-message': encodeURIComponent(message), ...trailers },
    { endStream: true },
  );
}

function answer(stream: ServerHttp2Stream, message: Uint8Array): void {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.respond(GRPC, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([head, message]));
}

function passOn(near: ServerHttp2Stream, headers: IncomingHttpHeaders, session: ClientHttp2Session): void {
  const kept = Object.entries(headers).filter(([name]) => name !== ':authority' && name !== ':scheme');
  const far = session.request({ ...Object.fromEntries(kept), ':scheme': 'http' });
  let trailers: IncomingHttpHeaders = {};
  far.on('response', (head, flags) => {
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (!near.closed) near.respond(head, { waitForTrailers: !endStream, endStream });
  });
  far.on('trailers', (end) => {
    trailers = end;
  });
  far.on('error', () => near.close(constants.NGHTTP2_INTERNAL_ERROR));
  near.on('wantTrailers', () => near.sendTrailers(trailers));
  near.on('close', () => far.close(constants.NGHTTP2_CANCEL));
  near.pipe(far);
  far.pipe(near);
}
