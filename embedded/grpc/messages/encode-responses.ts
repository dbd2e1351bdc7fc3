import { type StoredEvent, TOMBSTONE_REVISION } from '../../storage/event.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/**
 * Encodes the most frequent responses without the generated classes, which are slower: an event of a read, and the success
 * of a batch append. A property test compares both. Field numbers are those of EventStoreDB's streams.proto and
 * shared.proto.
 */

/** Tags of fields: number and wire type (0 for a number, 2 for a length-delimited value). */
const number = (field: number) => field << 3;
const nested = (field: number) => (field << 3) | 2;

/** 2^63-1 as a varint. */
const LARGEST_INT64 = Buffer.from('ffffffffffffffff7f', 'hex');
const FIXED_BYTES = 256;
const TICKS_PER_MS = '0000';

export type IdFormat = 'string' | 'structured';

export interface EventResponse {
  /** Undefined for a link whose target does not exist. */
  readonly event: StoredEvent | undefined;
  readonly link: StoredEvent | undefined;
  /** Only in responses of persistent subscriptions. */
  readonly retryCount?: number;
}

/** Encodes a `ReadResp` with an event. */
export function encodeReadEvent({ event, link, retryCount }: EventResponse, ids: IdFormat): Buffer {
  const writer = new ProtobufWriter(capacityOf(event) + capacityOf(link));
  const end = writer.mark;
  const at = link ?? event;
  if (retryCount !== undefined) writer.number(number(5), retryCount);
  if (at !== undefined) writer.number(number(3), at.position);
  if (link !== undefined) writeRecordedEvent(writer, 2, link, ids);
  if (event !== undefined) writeRecordedEvent(writer, 1, event, ids);
  writer.closeMessage(nested(1), end);
  return writer.finish();
}

/** Encodes a successful `BatchAppendResp`; a revision of -1 means "no stream". */
export function encodeBatchSuccess(
  correlationId: string,
  stream: string,
  revision: number,
  position: number | undefined,
): Buffer {
  const writer = new ProtobufWriter(FIXED_BYTES + correlationId.length + stream.length * 3);
  const identifierEnd = writer.mark;
  if (stream !== '') writer.text(nested(3), stream);
  writer.closeMessage(nested(4), identifierEnd);
  const successEnd = writer.mark;
  const positionEnd = writer.mark;
  if (position === undefined) writer.closeMessage(nested(4), positionEnd);
  else {
    if (position > 0) {
      writer.number(number(2), position);
      writer.number(number(1), position);
    }
    writer.closeMessage(nested(3), positionEnd);
  }
  if (revision < 0) writer.closeMessage(nested(2), writer.mark);
  else writer.number(number(1), revision);
  writer.closeMessage(nested(3), successEnd);
  const idEnd = writer.mark;
  writer.text(nested(2), correlationId);
  writer.closeMessage(nested(1), idEnd);
  return writer.finish();
}

const capacityOf = (event: StoredEvent | undefined): number =>
  event === undefined
    ? FIXED_BYTES
    : FIXED_BYTES + (event.stream.length + event.type.length) * 3 + event.metadata.length + event.data.length;

function writeRecordedEvent(writer: ProtobufWriter, field: number, event: StoredEvent, ids: IdFormat): void {
  const end = writer.mark;
  if (event.data.length > 0) writer.bytes(nested(8), event.data);
  if (event.metadata.length > 0) writer.bytes(nested(7), event.metadata);
  writeEntry(writer, 'created', event.created + TICKS_PER_MS);
  writeEntry(writer, 'content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  writeEntry(writer, 'type', event.type);
  writer.number(number(5), event.position);
  writer.number(number(4), event.position);
  writeRevision(writer, event.revision);
  const streamEnd = writer.mark;
  writer.text(nested(3), event.stream);
  writer.closeMessage(nested(2), streamEnd);
  writeId(writer, event.id, ids);
  writer.closeMessage(nested(field), end);
}

function writeRevision(writer: ProtobufWriter, revision: number): void {
  if (revision === 0) return;
  if (revision < TOMBSTONE_REVISION) {
    writer.number(number(3), revision);
    return;
  }
  writer.raw(LARGEST_INT64);
  writer.raw(Uint8Array.of(number(3)));
}

/** Writes an entry of the system metadata, a map from text to text. */
function writeEntry(writer: ProtobufWriter, key: string, value: string): void {
  const end = writer.mark;
  writer.text(nested(2), value);
  writer.text(nested(1), key);
  writer.closeMessage(nested(6), end);
}

function writeId(writer: ProtobufWriter, id: string, ids: IdFormat): void {
  const end = writer.mark;
  if (ids === 'string') writer.text(nested(2), id);
  else {
    const hex = id.replaceAll('-', '');
    const structuredEnd = writer.mark;
    writeLong(writer, 2, hex.slice(16));
    writeLong(writer, 1, hex.slice(0, 16));
    writer.closeMessage(nested(1), structuredEnd);
  }
  writer.closeMessage(nested(1), end);
}

/** Writes 64 bits from hexadecimal digits, as two exact halves of 32 bits. Omits the field if all are zero. */
function writeLong(writer: ProtobufWriter, field: number, hex: string): void {
  let high = Number.parseInt(hex.slice(0, 8), 16);
  let low = Number.parseInt(hex.slice(8), 16);
  if (high === 0 && low === 0) return;
  const bytes: number[] = [];
  while (high > 0 || low > 127) {
    bytes.push((low & 127) | 128);
    low = ((low >>> 7) | ((high & 127) << 25)) >>> 0;
    high >>>= 7;
  }
  bytes.push(low);
  writer.raw(Uint8Array.from(bytes));
  writer.raw(Uint8Array.of(number(field)));
}
