import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type NewEvent, revisionOf } from '../../storage/event.ts';
import type { ExpectedRevision } from '../../storage/log.ts';
import { malformed, missingProperty } from './errors.ts';
import { uuidOf } from './uuid-message.ts';

/** Returns the stream name of an identifier. @throws {GrpcError} if it is missing or empty */
export function streamNameOf(identifier: shared.StreamIdentifier | undefined): string {
  const name = identifier && Buffer.from(identifier.getStreamName_asU8()).toString();
  if (!name) throw malformed('The request names no stream.');
  return name;
}

/** Returns the revision of a request. @throws {GrpcError} above 2^63-1 */
export function requestedRevision(text: string): number {
  if (BigInt(text) >= 2n ** 63n) throw malformed(`${text} is no revision: the maximum is 2^63-1.`);
  return revisionOf(text);
}

interface ExpectedRevisionOptions {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** Returns the expected revision of a request, or undefined if none is set. */
export function expectedRevisionOf(
  options: ExpectedRevisionOptions,
  revision: string | undefined,
): ExpectedRevision | undefined {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return revision === undefined ? undefined : requestedRevision(revision);
}

type Proposed = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

/** Returns the event of a request. @throws {GrpcError} if it has no id, type or content type */
export function newEventOf(message: Proposed): NewEvent {
  const id = uuidOf(message.getId());
  if (id === undefined) throw malformed('An event has no id, or its id is no UUID.');
  const properties = message.getMetadataMap();
  const type = properties.get('type');
  if (type === undefined) throw missingProperty('type');
  if (type === '') throw malformed('An event has an empty type.');
  const contentType = properties.get('content-type');
  if (contentType === undefined) throw missingProperty('content-type');
  return {
    id,
    type,
    isJson: contentType === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}
