import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import grpc from '@grpc/grpc-js';

/** One call of a client that passes through, and the ways to interfere with it. */
export interface Passage {
  /** E.g. `/event_store.client.streams.Streams/BatchAppend`. */
  readonly method: string;
  toServer(request: Buffer): void;
  toClient(answer: Buffer): void;
  /** Ends the call with UNAVAILABLE at the client, and cancels it at the server. */
  breakOff(): void;
  /** Cuts the connection that carries it, and whatever else it carries. */
  cutConnection(): void;
}

/** What becomes of each message of a call; one that is not passed on is lost. */
export interface Meddler {
  request(message: Buffer): void;
  answer(message: Buffer): void;
}

export interface Relay {
  readonly connectionString: string;
  stop(): Promise<void>;
}

const asItIs = (bytes: Buffer): Buffer => bytes;
const LIMITS = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc-node.max_session_memory': Number.MAX_SAFE_INTEGER,
};

/** Stands between clients and an event store, and hands each message of each call to a meddler. */
export async function startRelay(to: string, meddle: (passage: Passage) => Meddler): Promise<Relay> {
  const server = new grpc.Server(LIMITS);
  const far = new grpc.Client(to, grpc.credentials.createInsecure(), LIMITS);
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const sockets = new Map<string, Socket>();

  const relay = (method: string) => (near: grpc.ServerDuplexStream<Buffer, Buffer>) => {
    const onward = far.makeBidiStreamRequest(method, asItIs, asItIs, near.metadata);
    let over = false;
    const passage: Passage = {
      method,
      toServer: (request) => void (over || onward.write(request)),
      toClient: (answer) => void (over || near.write(answer)),
      breakOff: () => end({ code: grpc.status.UNAVAILABLE, details: 'broken off on the way' }),
      cutConnection: () => void sockets.get(near.getPeer())?.destroy(),
    };
    const end = (error?: Partial<grpc.StatusObject>) => {
      if (over) return;
      over = true;
      onward.cancel();
      if (error !== undefined) near.emit('error', error);
    };
    const meddler = meddle(passage);
    near.on('data', (request: Buffer) => meddler.request(request));
    near.on('end', () => void (over || onward.end()));
    near.on('cancelled', () => end());
    near.on('error', () => end());
    onward.on('metadata', (metadata) => void (over || near.sendMetadata(metadata)));
    onward.on('data', (answer: Buffer) => meddler.answer(answer));
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

/** On the wire all kinds of calls are streams of messages: as such, and unread, each is passed on. */
function relayed(
  service: grpc.ServiceDefinition,
  relay: (method: string) => grpc.handleBidiStreamingCall<Buffer, Buffer>,
): [grpc.ServiceDefinition, grpc.UntypedServiceImplementation] {
  const methods = Object.entries(service);
  const unread = {
    requestStream: true,
    responseStream: true,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  };
  return [
    Object.fromEntries(methods.map(([name, method]) => [name, { ...method, ...unread }])),
    Object.fromEntries(methods.map(([name, { path }]) => [name, relay(path)])),
  ];
}
