import type { ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import generated from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { revisionText, type StoredEvent } from '../../storage/event.ts';
import type { Delivery } from '../delivery.ts';
import { type UuidForm, writeUuid } from './uuid.ts';

const { ReadEvent } = generated.ReadResp;
const TICKS_PER_MILLISECOND = '0000';

export function readEventOf({ event, link }: Delivery, retryCount: number, form: UuidForm): ReadResp {
  const message = new ReadEvent();
  const original = link ?? event;
  if (event) message.setEvent(recordedEvent(event, form));
  if (link) message.setLink(recordedEvent(link, form));
  if (original) message.setCommitPosition(String(original.position));
  message.setRetryCount(retryCount);
  const response = new generated.ReadResp();
  response.setEvent(message);
  return response;
}

function recordedEvent(event: StoredEvent, form: UuidForm): ReadResp.ReadEvent.RecordedEvent {
  const recorded = new ReadEvent.RecordedEvent();
  const stream = new shared.StreamIdentifier();
  const position = String(event.position);
  stream.setStreamName(Buffer.from(event.stream));
  recorded.setId(writeUuid(event.id, form));
  recorded.setStreamIdentifier(stream);
  recorded.setStreamRevision(revisionText(event.revision));
  recorded.setPreparePosition(position);
  recorded.setCommitPosition(position);
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('created', event.created + TICKS_PER_MILLISECOND)
    .set('content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  recorded.setCustomMetadata(event.metadata);
  recorded.setData(event.data);
  return recorded;
}
