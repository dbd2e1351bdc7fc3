import {
  convertToCommandError,
  type EventStoreDBClient,
  PersistentSubscriptionExistsError,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import persistentGrpc from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { clientParts } from '../connection/client-parts.ts';
import type { ConsumerOptions } from './persistent-subscription.ts';

/**
 * The server never parks an event by itself; the consumers decide. Otherwise it would park healthy events during an outage
 * of hours.
 */
const serverRetries = 2_147_483_647;
/** Then the server redelivers an event to another consumer. It is longer than any handling, with its retries. */
const messageTimeoutMs = 30_000;

/** Creates a persistent subscription from the start of its streams. Does nothing when it exists. */
export const createGroup = (
  client: EventStoreDBClient,
  { group, from }: Pick<ConsumerOptions, 'group' | 'from'>,
): Promise<void> =>
  'stream' in from
    ? createStreamGroup(client, group, from.stream)
    : createLogGroup(client, group, from.prefixes);

async function createStreamGroup(client: EventStoreDBClient, group: string, stream: string): Promise<void> {
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({
    startFrom: START,
    messageTimeout: messageTimeoutMs,
    maxRetryCount: serverRetries,
  });
  try {
    await client.createPersistentSubscriptionToStream(stream, group, settings);
  } catch (error) {
    if (!(error instanceof PersistentSubscriptionExistsError)) throw error;
  }
}

/**
 * Creates a group on `$all`, pinned by correlation. Uses the generated request, since the client's own call turns
 * `PinnedByCorrelation` into `DispatchToSingle`.
 */
async function createLogGroup(
  client: EventStoreDBClient,
  group: string,
  prefixes: readonly string[],
): Promise<void> {
  const { execute, callArguments } = clientParts(client);
  const request = createRequest(group, prefixes);
  await execute(
    persistentGrpc.PersistentSubscriptionsClient,
    'createGroup',
    (service) =>
      new Promise<void>((resolve, reject) => {
        service.create(request, ...callArguments({}), (error) => {
          if (error === null || convertToCommandError(error) instanceof PersistentSubscriptionExistsError) {
            return resolve();
          }
          reject(convertToCommandError(error));
        });
      }),
  );
}

function createRequest(
  group: string,
  prefixes: readonly string[],
): InstanceType<typeof persistent.CreateReq> {
  const { AllOptions, Options, Settings } = persistent.CreateReq;
  const expression = new AllOptions.FilterOptions.Expression();
  expression.setPrefixList([...prefixes]);
  const filter = new AllOptions.FilterOptions();
  filter.setStreamIdentifier(expression);
  filter.setCount(new shared.Empty());
  filter.setCheckpointintervalmultiplier(1);
  const all = new AllOptions();
  all.setStart(new shared.Empty());
  all.setFilter(filter);

  const settings = new Settings();
  settings.setConsumerStrategy('PinnedByCorrelation');
  settings.setMessageTimeoutMs(messageTimeoutMs);
  settings.setMaxRetryCount(serverRetries);
  settings.setCheckpointAfterMs(1000);
  settings.setMinCheckpointCount(1);
  settings.setMaxCheckpointCount(500);
  settings.setMaxSubscriberCount(0);
  settings.setLiveBufferSize(1000);
  settings.setReadBatchSize(100);
  settings.setHistoryBufferSize(1000);

  const options = new Options();
  options.setGroupName(group);
  options.setAll(all);
  options.setSettings(settings);
  const request = new persistent.CreateReq();
  request.setOptions(options);
  return request;
}
