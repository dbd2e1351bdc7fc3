import { createHash } from 'node:crypto';
import type { NewEvent } from '../storage/event.ts';
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

const idOf = (text: string): string =>
  uuidFromHex(createHash('sha256').update(text).digest('hex').slice(0, 32));
