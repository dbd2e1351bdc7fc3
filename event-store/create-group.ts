import {
  type BaseOptions,
  convertToCommandError,
  type EventStoreDBClient,
  PersistentSubscriptionExistsError,
} from '@eventstore/db-client';
import persistentGrpc from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { CallOptions, Client, Metadata } from '@grpc/grpc-js';

/** What the client shares with its own parts: the way to a generated service over its channel. */
interface ClientParts {
  readonly execute: <Service extends Client, Result>(
    service: new (...args: never[]) => Service,
    name: string,
    action: (client: Service) => Promise<Result>,
  ) => Promise<Result>;
  readonly callArguments: (options: BaseOptions) => [Metadata, CallOptions];
}

/** How often the server delivers an event again before it parks it; lost consumers do not count there. */
const serverRetries = 100;

/**
 * Creates a persistent subscription to `$all`, from its start, pinned by correlation; no error when it exists.
 * By the generated request: the client's own call turns `PinnedByCorrelation` into `DispatchToSingle`.
 */
export async function createGroup(
  client: EventStoreDBClient,
  group: string,
  prefixes: readonly string[],
): Promise<void> {
  const parts = client as unknown as ClientParts;
  const request = createRequest(group, prefixes);
  await parts.execute(
    persistentGrpc.PersistentSubscriptionsClient,
    'createGroup',
    (service) =>
      new Promise<void>((resolve, reject) => {
        service.create(request, ...parts.callArguments({}), (error) => {
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
  settings.setMessageTimeoutMs(30_000);
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
