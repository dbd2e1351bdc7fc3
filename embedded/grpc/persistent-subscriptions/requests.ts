import type { CreateReq, UpdateReq } from '@eventstore/db-client/generated/persistent_pb.js';
import generated from '@eventstore/db-client/generated/persistent_pb.js';
import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js';
import type { GroupRequest, StartRequest } from '../../persistent-subscriptions/configuration.ts';
import {
  GroupFailedError,
  InvalidRequestError,
  MalformedRequestError,
} from '../../persistent-subscriptions/errors.ts';
import { type GroupSettings, STRATEGIES } from '../../persistent-subscriptions/group/settings.ts';
import { ALL } from '../../persistent-subscriptions/stored/stream-names.ts';
import { revisionOf } from '../../storage/event.ts';
import { createFilter } from '../../storage/filter/filter.ts';
import { RegexInvalid } from '../../storage/filter/regex/errors.ts';

const { StreamOptions } = generated.CreateReq;
const TICKS_PER_MILLISECOND = 10_000;
/** The real server's value for "never". */
const NEVER = 2_147_483_647;
const NAMES_BY_NUMBER = ['DispatchToSingle', 'RoundRobin', 'Pinned'];

type Options = CreateReq.Options | UpdateReq.Options;
type Settings = CreateReq.Settings | UpdateReq.Settings;

/** Returns a part of a request. @throws {MalformedRequestError} if it is missing */
export function required<T>(part: T | undefined): T {
  if (part === undefined) throw new MalformedRequestError();
  return part;
}

export const streamNameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(required(identifier).getStreamName_asU8()).toString();

/** Returns the stream of a request, or `$all`. */
export const targetOf = (options: {
  hasAll(): boolean;
  getStreamIdentifier(): StreamIdentifier | undefined;
}): string => (options.hasAll() ? ALL : streamNameOf(options.getStreamIdentifier()));

/** Returns the group of a create or update request; older clients set stream and revision in other fields. */
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

function requestedSource(options: Options, settings: Settings): { stream: string; start: StartRequest } {
  const all = options.getAll();
  if (all) {
    const position = all.getPosition();
    const at = position && {
      commit: Number(position.getCommitPosition()),
      prepare: Number(position.getPreparePosition()),
    };
    return { stream: ALL, start: at ?? (all.hasEnd() ? 'end' : 'start') };
  }
  const requested = options.getStream();
  if (!requested) {
    const start = startRevision(settings.getRevision());
    return { stream: streamNameOf(options.getStreamIdentifier()), start };
  }
  return { stream: streamNameOf(requested.getStreamIdentifier()), start: startInStream(requested) };
}

function startInStream(requested: CreateReq.StreamOptions | UpdateReq.StreamOptions): StartRequest {
  const { REVISION, START, END } = StreamOptions.RevisionOptionCase;
  switch (requested.getRevisionOptionCase()) {
    case REVISION:
      return startRevision(requested.getRevision());
    case START:
      return 'start';
    case END:
      return 'end';
    default:
      throw new InvalidRequestError(NO_REVISION_OPTION);
  }
}

/** The official client sends the largest unsigned 64-bit number for the end, which is -1 as a signed number. */
function startRevision(text: string): StartRequest {
  const revision = BigInt.asIntN(64, BigInt(text));
  if (revision === -1n) return 'end';
  if (revision < 0n) throw new MalformedRequestError();
  return { revision: revisionOf(text) };
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

const NO_REVISION_OPTION =
  "'None' is not a valid EventStore.Client.PersistentSubscriptions.CreateReq+Types+StreamOptions+RevisionOptionOneofCase";
