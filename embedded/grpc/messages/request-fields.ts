import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type NewEvent, revisionOf } from '../../storage/event.ts';
import type { ExpectedRevision } from '../../storage/log.ts';
import { normaliseUuid } from '../../storage/uuid.ts';
import { malformed, missingProperty } from './errors.ts';

const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The name in an identifier. @throws {GrpcError} when there is none. */
export function streamNameOf(identifier: shared.StreamIdentifier | undefined): string {
  const name = identifier && Buffer.from(identifier.getStreamName_asU8()).toString();
  if (!name) throw malformed('The request names no stream.');
  return name;
}

/** A revision that was asked for. @throws {GrpcError} beyond 2^63-1. */
export function requestedRevision(text: string): number {
  if (BigInt(text) >= 2n ** 63n) throw malformed(`${text} is no revision: the largest is 2^63-1.`);
  return revisionOf(text);
}

interface ExpectedRevisionOptions {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** The expected revision that is set, or undefined for none. */
export function expectedRevisionOf(
  options: ExpectedRevisionOptions,
  revision: string | undefined,
): ExpectedRevision | undefined {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return revision === undefined ? undefined : requestedRevision(revision);
}

/** A UUID in either form, in small letters; undefined for one that cannot be read, or that is all zero. */
export function uuidOf(id: shared.UUID | undefined): string | undefined {
  if (id === undefined) return undefined;
  const structured = id.getStructured();
  const text = structured ? fromHalves(structured) : normaliseUuid(id.getString());
  return text === NO_ID ? undefined : text;
}

function fromHalves(structured: shared.UUID.Structured): string {
  const halves = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()];
  const hex = halves.map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

type Proposed = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

/** @throws {GrpcError} for an event without id, type or content type. */
export function newEventOf(message: Proposed): NewEvent {
  const id = uuidOf(message.getId());
  if (id === undefined) throw malformed('An event has no id, or one that is no UUID.');
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
