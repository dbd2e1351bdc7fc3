import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { connect as openSocket } from 'node:net';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

const HEADER_BYTES = 5;

export const STREAMS = '/event_store.client.streams.Streams';

export interface RawConnection {
  readonly session: ClientHttp2Session;
  /** Goes away without a word. (Destroying the session instead has Node 20 corrupt its own memory now and then.) */
  disconnect(): void;
}

/** A connection on which nothing is read unless somebody asks: a client of one's own, as bad as one likes. */
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

/** The `grpc-status` that a call ends with. */
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
 * The `grpc-status` that a call ends with; undefined when it was cut off without one. Of a call that may stay open, as
 * subscriptions do, the first message counts as 0 and ends it.
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

/** A `Read` that follows all events, or those whose stream's name matches. */
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
