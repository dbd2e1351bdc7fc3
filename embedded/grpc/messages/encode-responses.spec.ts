import streams from '@eventstore/db-client/generated/streams_pb.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { revisionText, type StoredEvent, TOMBSTONE_REVISION } from '../../storage/event.ts';
import { encodeBatchSuccess, encodeReadEvent } from './encode-responses.ts';
import { uuidOf } from './uuid-message.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const text = fc.string({ minLength: 1, maxLength: 80, unit: 'binary' });
const storedEvent: fc.Arbitrary<StoredEvent> = fc.record({
  position: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  stream: text,
  revision: fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constant(TOMBSTONE_REVISION)),
  id: fc.uuid(),
  type: text,
  isJson: fc.boolean(),
  data: bytes,
  metadata: bytes,
  created: fc.integer({ min: 1, max: 4_102_444_800_000 }),
});

const wellFormed = (value: string) => Buffer.from(value).toString();

/** The expected content of an event, decoded by the generated class. */
const expectedRecord = (event: StoredEvent) => ({
  id: event.id,
  stream: wellFormed(event.stream),
  revision: revisionText(event.revision),
  positions: [String(event.position), String(event.position)],
  properties: {
    type: wellFormed(event.type),
    'content-type': event.isJson ? 'application/json' : 'application/octet-stream',
    created: `${event.created}0000`,
  },
  data: Buffer.from(event.data),
  metadata: Buffer.from(event.metadata),
});

type Recorded = streams.ReadResp.ReadEvent.RecordedEvent;

const decodedRecord = (record: Recorded) => ({
  id: uuidOf(record.getId()),
  stream: Buffer.from(record.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
  revision: record.getStreamRevision(),
  positions: [record.getCommitPosition(), record.getPreparePosition()],
  properties: Object.fromEntries(record.getMetadataMap().toArray()),
  data: Buffer.from(record.getData_asU8()),
  metadata: Buffer.from(record.getCustomMetadata_asU8()),
});

describe('an encoded response', () => {
  it('of an event, with or without link, is decoded to the same content by the generated classes', () => {
    const ids = fc.constantFrom('string' as const, 'structured' as const);
    fc.assert(
      fc.property(
        fc.option(storedEvent, { nil: undefined }),
        fc.option(storedEvent, { nil: undefined }),
        ids,
        (event, link, form) => {
          fc.pre(event !== undefined || link !== undefined);
          const message = streams.ReadResp.deserializeBinary(
            encodeReadEvent({ event, link }, form),
          ).getEvent();

          const [seenEvent, seenLink] = [message?.getEvent(), message?.getLink()];
          expect(seenEvent && decodedRecord(seenEvent)).toEqual(event && expectedRecord(event));
          expect(seenLink && decodedRecord(seenLink)).toEqual(link && expectedRecord(link));
          expect(message?.getCommitPosition()).toBe(String((link ?? event)?.position));
        },
      ),
    );
  });

  it('of a successful batch append is decoded to the same content by the generated classes', () => {
    const revision = fc.oneof(fc.constant(-1), fc.maxSafeNat());
    const position = fc.option(fc.maxSafeNat(), { nil: undefined });
    fc.assert(
      fc.property(fc.uuid(), text, revision, position, (id, stream, at, where) => {
        const response = streams.BatchAppendResp.deserializeBinary(encodeBatchSuccess(id, stream, at, where));

        const success = response.getSuccess();
        expect(uuidOf(response.getCorrelationId())).toBe(id);
        expect(Buffer.from(response.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe(
          wellFormed(stream),
        );
        expect(success?.hasNoStream()).toBe(at < 0);
        expect(success?.getCurrentRevision()).toBe(String(Math.max(at, 0)));
        expect(success?.hasNoPosition()).toBe(where === undefined);
        expect(success?.getPosition()?.getCommitPosition()).toBe(
          where === undefined ? undefined : String(where),
        );
      }),
    );
  });
});
