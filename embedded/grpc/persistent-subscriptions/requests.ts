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
/** Stands for "never", as the real server shows it. */
const NEVER = 2_147_483_647;
const NAMES_BY_NUMBER = ['DispatchToSingle', 'RoundRobin', 'Pinned'];

type Options = CreateReq.Options | UpdateReq.Options;
type Settings = CreateReq.Settings | UpdateReq.Settings;

/** @throws {MalformedRequestError} when a part is missing */
export function required<T>(part: T | undefined): T {
  if (part === undefined) throw new MalformedRequestError();
  return part;
}

export const streamNameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(required(identifier).getStreamName_asU8()).toString();

/** The stream that a request with a choice of stream or $all is about. */
export const targetOf = (options: {
  hasAll(): boolean;
  getStreamIdentifier(): StreamIdentifier | undefined;
}): string => (options.hasAll() ? ALL : streamNameOf(options.getStreamIdentifier()));

/** What a create or an update asks for; older clients name stream and revision in other fields. */
export function groupRequestOf(request: CreateReq | UpdateReq): GroupRequest {
  const options: Options = required(request.getOptions());
  const asked = required<Settings>(options.getSettings());
  const group = options.getGroupName();
  const { stream, start } = requestedSource(options, asked);
  if (stream === '') throw new InvalidRequestError('A stream name must not be empty.');
  const filter = requestedFilter(options);
  const settings = { ...requestedSettings(asked), strategy: requestedStrategy(asked, stream, group) };
  return {
    stream,
    group,
    start,
    resolveLinkTos: asked.getResolveLinks(),
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
  const asked = options.getStream();
  if (!asked) {
    const start = startRevision(settings.getRevision());
    return { stream: streamNameOf(options.getStreamIdentifier()), start };
  }
  return { stream: streamNameOf(asked.getStreamIdentifier()), start: startInStream(asked) };
}

function startInStream(asked: CreateReq.StreamOptions | UpdateReq.StreamOptions): StartRequest {
  const { REVISION, START, END } = StreamOptions.RevisionOptionCase;
  switch (asked.getRevisionOptionCase()) {
    case REVISION:
      return startRevision(asked.getRevision());
    case START:
      return 'start';
    case END:
      return 'end';
    default:
      throw new InvalidRequestError(NO_REVISION_OPTION);
  }
}

/** The official client names the end as the largest number of 64 bits, which is -1 with a sign. */
function startRevision(text: string): StartRequest {
  const revision = BigInt.asIntN(64, BigInt(text));
  if (revision === -1n) return 'end';
  if (revision < 0n) throw new MalformedRequestError();
  return { revision: revisionOf(text) };
}

function requestedSettings(asked: Settings): Omit<GroupSettings, 'strategy'> {
  const messageTimeout = asked.hasMessageTimeoutTicks()
    ? Number(asked.getMessageTimeoutTicks()) / TICKS_PER_MILLISECOND
    : asked.getMessageTimeoutMs();
  const checkPointAfter = asked.hasCheckpointAfterTicks()
    ? Number(asked.getCheckpointAfterTicks()) / TICKS_PER_MILLISECOND
    : asked.getCheckpointAfterMs();
  return {
    messageTimeout,
    checkPointAfter: checkPointAfter === 0 ? NEVER : checkPointAfter,
    maxRetryCount: asked.getMaxRetryCount(),
    minCheckPointCount: asked.getMinCheckpointCount(),
    maxCheckPointCount: asked.getMaxCheckpointCount(),
    maxSubscriberCount: asked.getMaxSubscriberCount(),
    liveBufferSize: asked.getLiveBufferSize(),
    historyBufferSize: asked.getHistoryBufferSize(),
    readBatchSize: asked.getReadBatchSize(),
    extraStatistics: asked.getExtraStatistics(),
  };
}

/** By name if there is one; only a create can name it. */
function requestedStrategy(asked: Settings, stream: string, group: string) {
  const named = 'getConsumerStrategy' in asked ? asked.getConsumerStrategy() : '';
  const number = asked.getNamedConsumerStrategy();
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
  const asked: GroupRequest['filter'] = {
    on: onStream ? 'stream' : 'type',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
  };
  try {
    createFilter(asked);
  } catch (error) {
    if (error instanceof RegexInvalid) throw new InvalidRequestError(error.message);
    throw error;
  }
  return asked;
}

const NO_REVISION_OPTION =
  "'None' is not a valid EventStore.Client.PersistentSubscriptions.CreateReq+Types+StreamOptions+RevisionOptionOneofCase";
