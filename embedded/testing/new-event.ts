import { createHash } from 'node:crypto';
import type { NewEvent } from '../storage/event.ts';

/** An event whose id follows from its type, so that the same type is the same event again. */
export const newEvent = (type: string, content: Partial<NewEvent> = {}): NewEvent => ({
  id: idOf(type),
  type,
  isJson: true,
  data: Buffer.from('{}'),
  metadata: Buffer.alloc(0),
  ...content,
});

const idOf = (words: string): string =>
  createHash('sha256')
    .update(words)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
