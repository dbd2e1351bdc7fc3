import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { connect as openSocket } from 'node:net';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

const HEADER_BYTES = 5;

export const STREAMS = '/event_store.client.streams.Streams';

export interface RawConnection {
  readonly session: ClientHttp2Session;
  /** Closes the socket. (Destroying the session instead sometimes corrupts the memory of Node 20.) */
  disconnect(): void;
}

/** Opens an HTTP/2 connection without a gRPC library, so that a test can violate the protocol. */
export async function rawConnection(port: number, windowBytes?: number): Promise<RawConnection> {
  const socket = openSocket(port, '127.0.0.1');
  const session = connect(`http://127.0.0.1:${port}`, {
    createConnection: () => socket,
    ...(windowBytes !== undefined && { settings: { initialWindowSize: windowBytes } }),
  });
  session.on('error', () => {});
  // Wait for the settings: the node closes a connection whose protocol it does not know within ten seconds.
  await once(session, 'remoteSettings');
  return { session, disconnect: () => socket.destroy() };
}

export function rawCall(session: ClientHttp2Session, path: string): ClientHttp2Stream {
  const call = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  call.on('error', () => {});
  return call;
}

export function frame(message: Uint8Array, claimedBytes = message.length): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(claimedBytes, 1);
  return Buffer.concat([header, message]);
}

/** Returns the `grpc-status` with which a call ends. */
export async function statusOf(call: ClientHttp2Stream): Promise<number> {
  let status = -1;
  const take = (headers: Record<string, unknown>) => {
    if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status']);
  };
  call.on('response', take).on('trailers', take).resume();
  await once(call, 'end');
  call.close();
  return status;
}

/**
 * Returns the `grpc-status` with which a call ends, or undefined if it ends without one. The first message of a call that
 * may stay open, such as a subscription, counts as status 0.
 */
export function responseStatusOf(call: ClientHttp2Stream, mayStayOpen: boolean): Promise<number | undefined> {
  return new Promise((resolve) => {
    let status: number | undefined;
    const take = (headers: Record<string, unknown>) => {
      if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status']);
    };
    call.on('response', take).on('trailers', take);
    call.on('data', () => {
      if (!mayStayOpen) return;
      status ??= 0;
      call.close();
    });
    call.on('close', () => resolve(status));
  });
}

/** Returns a `Read` request that subscribes to all events, or to those whose stream name matches. */
export function subscribeRequest(regex?: string): Buffer {
  const options = new streams.ReadReq.Options()
    .setAll(new streams.ReadReq.Options.AllOptions().setStart(new shared.Empty()))
    .setSubscription(new streams.ReadReq.Options.SubscriptionOptions())
    .setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  if (regex === undefined) options.setNoFilter(new shared.Empty());
  else {
    const expression = new streams.ReadReq.Options.FilterOptions.Expression().setRegex(regex);
    const filter = new streams.ReadReq.Options.FilterOptions().setStreamIdentifier(expression);
    options.setFilter(filter.setMax(32).setCheckpointintervalmultiplier(1));
  }
  return frame(new streams.ReadReq().setOptions(options).serializeBinary());
}
