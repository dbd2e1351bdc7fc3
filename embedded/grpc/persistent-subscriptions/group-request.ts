import type { CreateReq, UpdateReq } from '@eventstore/db-client/generated/persistent_pb.js';
import type { GroupRequest } from '../../persistent-subscriptions/configuration.ts';
import { GroupFailedError, InvalidRequestError } from '../../persistent-subscriptions/errors.ts';
import { type GroupSettings, STRATEGIES } from '../../persistent-subscriptions/group/settings.ts';
import { createFilter } from '../../storage/filter/filter.ts';
import { RegexInvalid } from '../../storage/filter/regex/errors.ts';
import { required } from './request-target.ts';
import { requestedSource } from './requested-source.ts';

const TICKS_PER_MILLISECOND = 10_000;
/** The real server's value for "never". */
const NEVER = 2_147_483_647;
const NAMES_BY_NUMBER = ['DispatchToSingle', 'RoundRobin', 'Pinned'];

type Options = CreateReq.Options | UpdateReq.Options;
type Settings = CreateReq.Settings | UpdateReq.Settings;

/** Returns the group of a create or update request. */
export function groupRequestOf(request: CreateReq | UpdateReq): GroupRequest {
  const options: Options = required(request.getOptions());
  const requested = required<Settings>(options.getSettings());
  const group = options.getGroupName();
  const { stream, start } = requestedSource(options, requested);
  if (stream === '') throw new InvalidRequestError('A stream name must not be empty.');
  const filter = requestedFilter(options);
  const settings = { ...requestedSettings(requested), strategy: requestedStrategy(requested, stream, group) };
  return {
    stream,
    group,
    start,
    resolveLinkTos: requested.getResolveLinks(),
    settings,
    ...(filter && { filter }),
  };
}

function requestedSettings(requested: Settings): Omit<GroupSettings, 'strategy'> {
  const messageTimeout = requested.hasMessageTimeoutTicks()
    ? Number(requested.getMessageTimeoutTicks()) / TICKS_PER_MILLISECOND
    : requested.getMessageTimeoutMs();
  const checkPointAfter = requested.hasCheckpointAfterTicks()
    ? Number(requested.getCheckpointAfterTicks()) / TICKS_PER_MILLISECOND
    : requested.getCheckpointAfterMs();
  return {
    messageTimeout,
    checkPointAfter: checkPointAfter === 0 ? NEVER : checkPointAfter,
    maxRetryCount: requested.getMaxRetryCount(),
    minCheckPointCount: requested.getMinCheckpointCount(),
    maxCheckPointCount: requested.getMaxCheckpointCount(),
    maxSubscriberCount: requested.getMaxSubscriberCount(),
    liveBufferSize: requested.getLiveBufferSize(),
    historyBufferSize: requested.getHistoryBufferSize(),
    readBatchSize: requested.getReadBatchSize(),
    extraStatistics: requested.getExtraStatistics(),
  };
}

/** Returns the strategy by its name, which only a create request can have, or by its number. */
function requestedStrategy(requested: Settings, stream: string, group: string) {
  const named = 'getConsumerStrategy' in requested ? requested.getConsumerStrategy() : '';
  const number = requested.getNamedConsumerStrategy();
  const name = named || (NAMES_BY_NUMBER[number] ?? String(number));
  const strategy = STRATEGIES.find((each) => each === name);
  if (!strategy) throw new GroupFailedError(stream, group, `Consumer strategy ${name} does not exist.`);
  return strategy;
}

function requestedFilter(options: Options): GroupRequest['filter'] {
  const all = options.getAll();
  const filter = all && 'getFilter' in all ? all.getFilter() : undefined;
  if (!filter) return undefined;
  const onStream = filter.getStreamIdentifier();
  const expression = required(onStream ?? filter.getEventType());
  const requested: GroupRequest['filter'] = {
    on: onStream ? 'stream' : 'type',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
  };
  try {
    createFilter(requested);
  } catch (error) {
    if (error instanceof RegexInvalid) throw new InvalidRequestError(error.message);
    throw error;
  }
  return requested;
}
