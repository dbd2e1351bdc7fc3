import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Message } from 'google-protobuf';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { messageOf } from '../../../error-message.ts';
import { LogFailed } from '../../../storage/errors.ts';
import { revisionText } from '../../../storage/event.ts';
import type { ExpectedRevision } from '../../../storage/log.ts';
import { MAX_APPEND_BYTES } from '../../messages/append-size.ts';
import { GrpcError } from '../../messages/errors.ts';

/** Codes of google.rpc that EventStoreDB uses in batch responses; they differ from gRPC's own status codes. */
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;

function errorOf(code: number, name: string, details: Message): status.Status {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new status.Status().setCode(code).setMessage(name).setDetails(packed);
}

export const badRequestError = (reason: string): status.Status =>
  errorOf(INVALID_ARGUMENT, 'BadRequest', new shared.BadRequest().setMessage(reason));

export const timeoutError = (): status.Status => errorOf(DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());

export const tooBigError = (): status.Status =>
  errorOf(
    INVALID_ARGUMENT,
    'MaximumAppendSizeExceeded',
    new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_BYTES),
  );

export const streamDeletedError = (stream: shared.StreamIdentifier | undefined): status.Status =>
  errorOf(NOT_FOUND, 'StreamDeleted', new shared.StreamDeleted().setStreamIdentifier(stream));

/** @param current -1 for no stream */
export function wrongRevisionError(current: number, expected: ExpectedRevision): status.Status {
  const details = new shared.WrongExpectedVersion();
  const nothing = () => new empty.Empty();
  if (current < 0) details.setCurrentNoStream(nothing());
  else details.setCurrentStreamRevision(revisionText(current));
  if (expected === 'any') details.setExpectedAny(nothing());
  else if (expected === 'no_stream') details.setExpectedNoStream(nothing());
  else if (expected === 'stream_exists') details.setExpectedStreamExists(nothing());
  else details.setExpectedStreamPosition(revisionText(expected));
  return errorOf(ALREADY_EXISTS, 'WrongExpectedVersion', details);
}

/** Encodes an error response; a missing correlation id or stream is omitted. */
export function encodeBatchError(
  correlationId: shared.UUID | undefined,
  stream: shared.StreamIdentifier | undefined,
  error: status.Status,
): Buffer {
  const response = new streams.BatchAppendResp().setError(error);
  if (correlationId) response.setCorrelationId(correlationId);
  if (stream) response.setStreamIdentifier(stream);
  return Buffer.from(response.serializeBinary());
}

/** Returns any error of reading or writing a batch as a response. */
export function batchErrorOf(error: unknown): status.Status {
  if (error instanceof GrpcError) return badRequestError(error.details);
  const code = error instanceof LogFailed && error.isDiskError ? RESOURCE_EXHAUSTED : INTERNAL;
  return untypedError(code, messageOf(error));
}

/** The client shows the message only if it does not know the type of the details, and crashes without details. */
function untypedError(code: number, message: string): status.Status {
  const packed = new any.Any();
  packed.pack(new empty.Empty().serializeBinary(), 'google.protobuf.Empty');
  return new status.Status().setCode(code).setMessage(message).setDetails(packed);
}
