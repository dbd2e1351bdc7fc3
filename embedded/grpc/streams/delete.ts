import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import type { EventLog, ExpectedRevision, RemoveOutcome } from '../../storage/log.ts';
import { unary } from '../calls/unary.ts';
import { deleteFailed, malformed, noneIsSet, streamDeleted, toGrpcError } from '../messages/errors.ts';
import { expectedRevisionOf, streamNameOf } from '../messages/request-fields.ts';

/** Handles `Delete`: a later append makes the stream readable again. */
export const handleDelete = (log: EventLog): handleUnaryCall<streams.DeleteReq, streams.DeleteResp> =>
  unary(async (request) => {
    const position = await removeStream('DeleteReq', request.getOptions(), (stream, expected) =>
      log.softDelete(stream, expected),
    );
    const at = new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position);
    return new streams.DeleteResp().setPosition(at);
  }, toGrpcError);

/** Handles `Tombstone`: the stream can never be written again. */
export const handleTombstone = (
  log: EventLog,
): handleUnaryCall<streams.TombstoneReq, streams.TombstoneResp> =>
  unary(async (request) => {
    const position = await removeStream('TombstoneReq', request.getOptions(), (stream, expected) =>
      log.tombstone(stream, expected),
    );
    const at = new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position);
    return new streams.TombstoneResp().setPosition(at);
  }, toGrpcError);

/** Removes a stream; returns the position of the event that this wrote. @throws {GrpcError} */
async function removeStream(
  request: string,
  options: streams.DeleteReq.Options | streams.TombstoneReq.Options | undefined,
  remove: (stream: string, expected: ExpectedRevision) => Promise<RemoveOutcome>,
): Promise<string> {
  if (options === undefined) throw malformed('The request has no options.');
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedRevisionOf(options, options.hasRevision() ? options.getRevision() : undefined);
  if (expected === undefined)
    throw noneIsSet(`Streams.${request}+Types+Options+ExpectedStreamRevisionOneofCase`);
  const outcome = await remove(stream, expected);
  if (outcome.status === 'stream-deleted') throw streamDeleted(stream);
  if (outcome.status === 'wrong-revision') throw deleteFailed(stream, expected, outcome.current);
  return String(outcome.position);
}
