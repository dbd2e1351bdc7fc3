import { TOMBSTONE_REVISION } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';
import type { GroupConfiguration, GroupRequest } from './configuration.ts';
import { GroupFailedError, MalformedRequestError } from './errors.ts';
import { ALL } from './stored/stream-names.ts';

type Start = Pick<GroupConfiguration, 'startFrom' | 'startAfter'>;

/**
 * Returns the configuration of a requested group, with its start in the log as it is now.
 * @throws {GroupFailedError} for invalid settings, {MalformedRequestError}
 */
export function configure(log: EventLog, request: GroupRequest): GroupConfiguration {
  const { start: _, ...configuration } = request;
  const { stream, group, settings } = request;
  if (settings.readBatchSize >= settings.historyBufferSize) {
    throw new GroupFailedError(stream, group, BATCH_TOO_LARGE);
  }
  return { ...configuration, ...(stream === ALL ? startInAll(log, request) : startInStream(log, request)) };
}

/** Returns whether a group starts at the end of its stream or of `$all`. */
export const isEnd = ({ startFrom }: GroupConfiguration): boolean =>
  startFrom === '-1' || startFrom === 'C:-1/P:-1';

function startInStream(log: EventLog, { stream, start }: GroupRequest): Start {
  if (start === 'start') return { startFrom: '0', startAfter: -1 };
  if (start === 'end') return { startFrom: '-1', startAfter: log.headRevision(stream) };
  if (!('revision' in start)) throw new MalformedRequestError();
  return {
    startFrom: String(start.revision),
    startAfter: Math.min(start.revision, TOMBSTONE_REVISION) - 1,
  };
}

function startInAll(log: EventLog, { stream, group, start }: GroupRequest): Start {
  if (start === 'start') return { startFrom: 'C:0/P:0', startAfter: 0 };
  if (start === 'end') return { startFrom: 'C:-1/P:-1', startAfter: log.lastPosition() };
  if (!('commit' in start) || start.commit < start.prepare) throw new MalformedRequestError();
  if (start.commit > log.lastPosition()) throw new GroupFailedError(stream, group, PAST_THE_END);
  return { startFrom: `C:${start.commit}/P:${start.prepare}`, startAfter: start.commit - 1 };
}

// Texts of the real server, which clients show as the reason.
const BATCH_TOO_LARGE =
  "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')";
const PAST_THE_END =
  'Invalid Start From position: commit position must be less than or equal to the last commit position in the transaction file.';
