import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import grpc from '@grpc/grpc-js';

/** A gRPC call through the relay, with the ways to interfere with it. */
export interface RelayedCall {
  /** Such as `/event_store.client.streams.Streams/BatchAppend`. */
  readonly method: string;
  toServer(request: Buffer): void;
  toClient(response: Buffer): void;
  /** Ends the call with UNAVAILABLE at the client and cancels it at the server. */
  abort(): void;
  /** Cuts the client's connection, with all calls on it. */
  cutConnection(): void;
}

/** Receives each message of a call, and passes it on or drops it. */
export interface MessageHandler {
  request(message: Buffer): void;
  response(message: Buffer): void;
}

export interface Relay {
  readonly connectionString: string;
  stop(): Promise<void>;
}

const unchanged = (bytes: Buffer): Buffer => bytes;
const LIMITS = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc-node.max_session_memory': Number.MAX_SAFE_INTEGER,
};

/** Starts a relay between clients and an event store. `intercept` returns the message handler of each call. */
export async function startRelay(
  to: string,
  intercept: (call: RelayedCall) => MessageHandler,
): Promise<Relay> {
  const server = new grpc.Server(LIMITS);
  const far = new grpc.Client(to, grpc.credentials.createInsecure(), LIMITS);
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const sockets = new Map<string, Socket>();

  const relay = (method: string) => (near: grpc.ServerDuplexStream<Buffer, Buffer>) => {
    const onward = far.makeBidiStreamRequest(method, unchanged, unchanged, near.metadata);
    let over = false;
    const call: RelayedCall = {
      method,
      toServer: (request) => void (over || onward.write(request)),
      toClient: (response) => void (over || near.write(response)),
      abort: () => end({ code: grpc.status.UNAVAILABLE, details: 'aborted by the test relay' }),
      cutConnection: () => void sockets.get(near.getPeer())?.destroy(),
    };
    const end = (error?: Partial<grpc.StatusObject>) => {
      if (over) return;
      over = true;
      onward.cancel();
      if (error !== undefined) near.emit('error', error);
    };
    const handler = intercept(call);
    near.on('data', (request: Buffer) => handler.request(request));
    near.on('end', () => void (over || onward.end()));
    near.on('cancelled', () => end());
    near.on('error', () => end());
    onward.on('metadata', (metadata) => void (over || near.sendMetadata(metadata)));
    onward.on('data', (response: Buffer) => handler.response(response));
    onward.on('error', ({ code, details, metadata }: grpc.ServiceError) => end({ code, details, metadata }));
    onward.on('end', () => {
      if (!over) near.end();
    });
  };

  for (const service of [
    streams.StreamsService,
    persistent.PersistentSubscriptionsService,
    features.ServerFeaturesService,
  ]) {
    const [definition, implementation] = relayed(service as grpc.ServiceDefinition, relay);
    server.addService(definition, implementation);
  }
  const front = createServer({ noDelay: true }, (socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.once('close', () => sockets.delete(peer));
    socket.on('error', () => socket.destroy());
    injector.injectConnection(socket);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  return {
    connectionString: `esdb://127.0.0.1:${port}?tls=false`,
    stop: async () => {
      front.close();
      server.forceShutdown();
      for (const socket of sockets.values()) socket.destroy();
      far.close();
      await once(front, 'close');
    },
  };
}

/** Relays every method as a stream of raw messages: on the wire, all kinds of gRPC calls are such streams. */
function relayed(
  service: grpc.ServiceDefinition,
  relay: (method: string) => grpc.handleBidiStreamingCall<Buffer, Buffer>,
): [grpc.ServiceDefinition, grpc.UntypedServiceImplementation] {
  const methods = Object.entries(service);
  const unread = {
    requestStream: true,
    responseStream: true,
    requestSerialize: unchanged,
    requestDeserialize: unchanged,
    responseSerialize: unchanged,
    responseDeserialize: unchanged,
  };
  return [
    Object.fromEntries(methods.map(([name, method]) => [name, { ...method, ...unread }])),
    Object.fromEntries(methods.map(([name, { path }]) => [name, relay(path)])),
  ];
}
