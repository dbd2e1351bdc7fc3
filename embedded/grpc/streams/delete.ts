import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import type { EventLog, ExpectedRevision, RemoveOutcome } from '../../storage/log.ts';
import { deleteFailed, invalid, malformed, streamDeleted, toGrpcError } from '../messages/errors.ts';
import { expectedRevisionOf, streamNameOf } from '../messages/request-fields.ts';

/** `Delete`, which a later append undoes. */
export function handleDelete(log: EventLog): handleUnaryCall<streams.DeleteReq, streams.DeleteResp> {
  return (call, answer) => {
    const remove = async () => {
      const position = await removed('DeleteReq', call.request.getOptions(), (stream, expected) =>
        log.softDelete(stream, expected),
      );
      const at = new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position);
      return new streams.DeleteResp().setPosition(at);
    };
    remove().then(
      (response) => answer(null, response),
      (error) => answer(toGrpcError(error)),
    );
  };
}

/** `Tombstone`, which nothing undoes. */
export function handleTombstone(log: EventLog): handleUnaryCall<streams.TombstoneReq, streams.TombstoneResp> {
  return (call, answer) => {
    const remove = async () => {
      const position = await removed('TombstoneReq', call.request.getOptions(), (stream, expected) =>
        log.tombstone(stream, expected),
      );
      const at = new streams.TombstoneResp.Position()
        .setCommitPosition(position)
        .setPreparePosition(position);
      return new streams.TombstoneResp().setPosition(at);
    };
    remove().then(
      (response) => answer(null, response),
      (error) => answer(toGrpcError(error)),
    );
  };
}

/** The position of what the removal wrote. @throws {GrpcError} */
async function removed(
  request: string,
  options: streams.DeleteReq.Options | streams.TombstoneReq.Options | undefined,
  remove: (stream: string, expected: ExpectedRevision) => Promise<RemoveOutcome>,
): Promise<string> {
  if (options === undefined) throw malformed('The request has no options.');
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedRevisionOf(options, options.hasRevision() ? options.getRevision() : undefined);
  if (expected === undefined) {
    throw invalid(
      `'None' is not a valid EventStore.Client.Streams.${request}+Types+Options+ExpectedStreamRevisionOneofCase`,
    );
  }
  const outcome = await remove(stream, expected);
  if (outcome.status === 'stream-deleted') throw streamDeleted(stream);
  if (outcome.status === 'wrong-revision') throw deleteFailed(stream, expected, outcome.current);
  return String(outcome.position);
}
