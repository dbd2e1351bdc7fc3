import streams from '@eventstore/db-client/generated/streams_pb.js';
import { createFilter } from '../../../storage/filter/filter.ts';
import { RegexInvalid } from '../../../storage/filter/regex/errors.ts';
import type { IdFormat } from '../../messages/encode-responses.ts';
import { invalid, malformed, noneIsSet } from '../../messages/errors.ts';
import { requestedRevision, streamNameOf } from '../../messages/request-fields.ts';
import type { FilterPlan, ReadPlan } from './read-plan.ts';

const { Options } = streams.ReadReq;
const { FilterOptions } = Options;

type Options = streams.ReadReq.Options;

/** EventStoreDB's default window. */
const DEFAULT_WINDOW = 32;
/** Returns a count; one too large for a number means "all". */
const asNumber = (text: string): number => Math.min(Number(text), Number.MAX_SAFE_INTEGER);

/** Returns what a `Read` request asks for. @throws {GrpcError} like the real server */
export function readPlan(request: streams.ReadReq): ReadPlan {
  const options = request.getOptions();
  if (options === undefined) throw malformed('The request has no options.');
  checkCombination(options);
  const common = { resolveLinks: options.getResolveLinks(), ids: idFormat(options.getUuidOption()) };
  const subscribes = options.hasSubscription();
  const forwards = options.getReadDirection() === Options.ReadDirection.FORWARDS;
  const count = asNumber(options.getCount());
  const streamOptions = options.getStream();
  if (streamOptions !== undefined) {
    const stream = streamNameOf(streamOptions.getStreamIdentifier());
    const from = startInStream(streamOptions);
    if (subscribes) return { kind: 'subscribe-stream', ...common, stream, from };
    const sendsLastRevision = (options.getControlOption()?.getCompatibility() ?? 0) >= 1;
    return { kind: 'read-stream', ...common, stream, forwards, from, count, sendsLastRevision };
  }
  const from = startInAll(options.getAll());
  const filter = filterPlan(options.getFilter());
  return subscribes
    ? { kind: 'subscribe-all', ...common, from, filter }
    : { kind: 'read-all', ...common, forwards, from, count, filter };
}

/** Rejects invalid combinations of options with the real server's error. */
function checkCombination(options: Options): void {
  if (options.getStreamOptionCase() === Options.StreamOptionCase.STREAM_OPTION_NOT_SET)
    throw noneIsSet('Streams.ReadReq+Types+Options+StreamOptionOneofCase');
  const source = options.hasStream() ? 'Stream' : 'All';
  const count = options.hasCount() ? 'Count' : options.hasSubscription() ? 'Subscription' : 'None';
  const direction = options.getReadDirection() === Options.ReadDirection.FORWARDS ? 'Forwards' : 'Backwards';
  const filter = options.hasFilter() ? 'Filter' : options.hasNoFilter() ? 'NoFilter' : 'None';
  const isValid =
    count !== 'None' &&
    filter !== 'None' &&
    !(source === 'Stream' && filter === 'Filter') &&
    !(count === 'Subscription' && direction === 'Backwards');
  if (!isValid)
    throw invalid(`The combination of (${source}, ${count}, ${direction}, ${filter}) is invalid.`);
}

function idFormat(option: streams.ReadReq.Options.UUIDOption | undefined): IdFormat {
  if (option === undefined) throw invalid('The request has no uuid option.');
  return option.hasStructured() ? 'structured' : 'string';
}

function startInStream(options: streams.ReadReq.Options.StreamOptions): number | 'start' | 'end' {
  if (options.hasStart()) return 'start';
  if (options.hasEnd()) return 'end';
  if (options.hasRevision()) return requestedRevision(options.getRevision());
  throw malformed('The request has no revision to start from.');
}

function startInAll(options: streams.ReadReq.Options.AllOptions | undefined): number | 'start' | 'end' {
  if (options?.hasStart()) return 'start';
  if (options?.hasEnd()) return 'end';
  const position = options?.getPosition();
  if (position === undefined) throw malformed('The request has no position to start from.');
  const commit = Number(position.getCommitPosition());
  const prepare = Number(position.getPreparePosition());
  if (commit < prepare) throw malformed('The commit position is less than the prepare position.');
  return commit === 0 ? 'start' : commit;
}

function filterPlan(options: streams.ReadReq.Options.FilterOptions | undefined): FilterPlan | undefined {
  if (options === undefined) return undefined;
  if (options.getFilterCase() === FilterOptions.FilterCase.FILTER_NOT_SET) {
    throw invalid(
      'The filter has neither stream nor event type: not a valid EventStore.Client.Streams.ReadReq+Types+Options+Types+FilterOptions',
    );
  }
  if (options.getWindowCase() === FilterOptions.WindowCase.WINDOW_NOT_SET)
    throw noneIsSet('Streams.ReadReq+Types+Options+Types+FilterOptions+WindowOneofCase');
  const interval = options.getCheckpointintervalmultiplier();
  const window = options.hasMax() ? options.getMax() : DEFAULT_WINDOW;
  if (interval === 0 || window === 0)
    throw malformed('The checkpoint interval and the window must be at least 1.');
  const expression = options.hasStreamIdentifier() ? options.getStreamIdentifier() : options.getEventType();
  try {
    const matches = createFilter({
      on: options.hasStreamIdentifier() ? 'stream' : 'type',
      regex: expression?.getRegex() ?? '',
      prefixes: expression?.getPrefixList() ?? [],
    });
    return { matches, checkpointAfter: window * interval };
  } catch (error) {
    throw error instanceof RegexInvalid ? malformed(error.message) : error;
  }
}
