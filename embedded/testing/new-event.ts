import { createHash, randomUUID } from 'node:crypto';
import type { NewEvent } from '../storage/event.ts';
import type { AppendOutcome, EventLog } from '../storage/log.ts';
import { uuidFromHex } from '../storage/uuid.ts';

/** Creates an event whose id is derived from its type, so that the same type gives the same event. */
export const newEvent = (type: string, content: Partial<NewEvent> = {}): NewEvent => ({
  id: idOf(type),
  type,
  isJson: true,
  data: Buffer.from('{}'),
  metadata: Buffer.alloc(0),
  ...content,
});

/** Creates an event with a random id. */
export const uniqueEvent = (type: string, metadata?: unknown): NewEvent =>
  newEvent(type, {
    id: randomUUID(),
    ...(metadata !== undefined && { metadata: Buffer.from(JSON.stringify(metadata)) }),
  });

/** Appends events of these types, with random ids, to a stream. */
export const appendTypes = (log: EventLog, stream: string, ...types: string[]): Promise<AppendOutcome> =>
  log.append(
    stream,
    types.map((type) => uniqueEvent(type)),
    'any',
  );

const idOf = (text: string): string =>
  uuidFromHex(createHash('sha256').update(text).digest('hex').slice(0, 32));
