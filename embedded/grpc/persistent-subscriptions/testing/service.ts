import type { PersistentSubscriptionsClient } from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import services from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import type { ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import generated from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { credentials, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import { summaryOf } from '../../../http/pages/subscription-summary.ts';
import { PersistentSubscriptions } from '../../../persistent-subscriptions/persistent-subscriptions.ts';
import type { EventLog } from '../../../storage/log.ts';
import { createPersistentSubscriptionsCalls, persistentSubscriptionsService } from '../service.ts';

const { ReadReq } = generated;

/** Starts the service on a free port, and a client. `stop` does not close the log. */
export async function serve(log: EventLog) {
  const subscriptions = new PersistentSubscriptions(log);
  const server = new Server();
  server.addService(persistentSubscriptionsService, createPersistentSubscriptionsCalls(subscriptions));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = new services.PersistentSubscriptionsClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
  );
  return {
    client,
    describe: () => [...subscriptions.all()].map(summaryOf),
    stop: async () => {
      await subscriptions.close();
      server.forceShutdown();
      client.close();
    },
  };
}

interface GroupOptions {
  prefix?: string;
  strategy?: string;
  messageTimeout?: number;
  maxRetryCount?: number;
}

/** Creates a group on $all, from the start, that checkpoints at every tick. */
export function createOnAll(
  client: PersistentSubscriptionsClient,
  group: string,
  options: GroupOptions = {},
) {
  const { prefix = 'order-' } = options;
  const { AllOptions, Options } = generated.CreateReq;
  const expression = new AllOptions.FilterOptions.Expression().setPrefixList([prefix]);
  const filter = new AllOptions.FilterOptions().setStreamIdentifier(expression).setCount(new shared.Empty());
  const request = new Options()
    .setAll(new AllOptions().setStart(new shared.Empty()).setFilter(filter))
    .setGroupName(group)
    .setSettings(settingsOf(options));
  return create(client, request);
}

/** Creates a group on one stream, from its start. */
export function createOnStream(client: PersistentSubscriptionsClient, stream: string, group: string) {
  const { StreamOptions, Options } = generated.CreateReq;
  const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
  const options = new Options()
    .setStream(new StreamOptions().setStreamIdentifier(identifier).setStart(new shared.Empty()))
    .setGroupName(group)
    .setSettings(settingsOf({}));
  return create(client, options);
}

function settingsOf({
  strategy = 'RoundRobin',
  messageTimeout = 30_000,
  maxRetryCount = 10,
}: GroupOptions): generated.CreateReq.Settings {
  return new generated.CreateReq.Settings()
    .setMessageTimeoutMs(messageTimeout)
    .setCheckpointAfterMs(1)
    .setMaxRetryCount(maxRetryCount)
    .setMinCheckpointCount(1)
    .setMaxCheckpointCount(500)
    .setLiveBufferSize(500)
    .setReadBatchSize(20)
    .setHistoryBufferSize(500)
    .setConsumerStrategy(strategy);
}

function create(client: PersistentSubscriptionsClient, options: generated.CreateReq.Options): Promise<void> {
  return new Promise((resolve, reject) =>
    client.create(new generated.CreateReq().setOptions(options), (error) =>
      error ? reject(error) : resolve(),
    ),
  );
}

/** Connects a consumer, to $all without a stream, and returns the id of the confirmation. */
export function confirmationOf(
  client: PersistentSubscriptionsClient,
  { stream, group }: { stream?: string; group: string },
): Promise<string | undefined> {
  const options = new ReadReq.Options()
    .setGroupName(group)
    .setBufferSize(10)
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  if (stream === undefined) options.setAll(new shared.Empty());
  else options.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)));
  const call = client.read();
  return new Promise((resolve, reject) => {
    call.once('data', (response: ReadResp) => {
      resolve(response.getSubscriptionConfirmation()?.getSubscriptionId());
      call.cancel();
    });
    call.on('error', reject);
    call.write(new ReadReq().setOptions(options));
  });
}

export function infoOnAll(client: PersistentSubscriptionsClient, group: string) {
  const options = new generated.GetInfoReq.Options().setAll(new shared.Empty()).setGroupName(group);
  return new Promise<generated.SubscriptionInfo.AsObject>((resolve, reject) =>
    client.getInfo(new generated.GetInfoReq().setOptions(options), (error, response) => {
      const info = response?.getSubscriptionInfo()?.toObject();
      if (error || !info) reject(error);
      else resolve(info);
    }),
  );
}

export function replayOnAll(client: PersistentSubscriptionsClient, group: string) {
  const options = new generated.ReplayParkedReq.Options()
    .setAll(new shared.Empty())
    .setGroupName(group)
    .setNoLimit(new shared.Empty());
  return new Promise<void>((resolve, reject) =>
    client.replayParked(new generated.ReplayParkedReq().setOptions(options), (error) =>
      error ? reject(error) : resolve(),
    ),
  );
}

export interface Received {
  id: string;
  type: string;
  stream: string;
  retryCount: number;
}

/** Connects a consumer to a group on $all. `handle` returns the reaction to each event, an ack by default. */
export function consumeAll(
  client: PersistentSubscriptionsClient,
  group: string,
  handle: (event: Received) => 'ack' | 'park' | 'retry' | 'nothing' = () => 'ack',
  bufferSize = 10,
) {
  const received: Received[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const call = client.read();
  const actions = { park: ReadReq.Nack.Action.PARK, retry: ReadReq.Nack.Action.RETRY };
  const ended = new Promise<ServiceError>((resolve) => call.on('error', resolve));
  const confirmed = new Promise<void>((resolve) => {
    call.on('data', (response: ReadResp) => {
      if (response.hasSubscriptionConfirmation()) return resolve();
      const found = receivedOf(response);
      received.push(found);
      const reaction = handle(found);
      const ids = [new shared.UUID().setString(found.id)];
      if (reaction === 'ack') call.write(new ReadReq().setAck(new ReadReq.Ack().setIdsList(ids)));
      else if (reaction !== 'nothing') {
        const nack = new ReadReq.Nack().setIdsList(ids).setAction(actions[reaction]).setReason('because');
        call.write(new ReadReq().setNack(nack));
      }
      for (const { count, resolve: enough } of waiting) if (received.length >= count) enough();
    });
  });
  const options = new ReadReq.Options()
    .setAll(new shared.Empty())
    .setGroupName(group)
    .setBufferSize(bufferSize)
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  call.write(new ReadReq().setOptions(options));
  return {
    received,
    confirmed,
    ended,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        if (received.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    leave: () => call.cancel(),
  };
}

function receivedOf(response: ReadResp): Received {
  const found = response.getEvent();
  const event = found?.getEvent();
  return {
    id: (found?.getLink() ?? event)?.getId()?.getString() ?? '',
    type: event?.getMetadataMap().get('type') ?? '',
    stream: Buffer.from(event?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    retryCount: found?.getRetryCount() ?? 0,
  };
}
