import { randomUUID } from 'node:crypto';
import { WriteRefusedError } from '../../persistent-subscriptions/errors.ts';
import type { NewEvent } from '../event.ts';
import type { EventLog } from '../log.ts';

const EMPTY = new Uint8Array(0);
const utf8 = new TextEncoder();

export const jsonEvent = (type: string, content: unknown): NewEvent => ({
  id: randomUUID(),
  type,
  isJson: true,
  data: utf8.encode(JSON.stringify(content)),
  metadata: EMPTY,
});

export const linkEvent = (type: string, target: string, metadata: unknown): NewEvent => ({
  id: randomUUID(),
  type,
  isJson: false,
  data: utf8.encode(target),
  metadata: utf8.encode(JSON.stringify(metadata)),
});

/** @throws {WriteRefusedError} when the stream does not take it, {LogFailed} when the disk does not. */
export async function write(log: EventLog, stream: string, event: NewEvent): Promise<void> {
  const { status } = await log.append(stream, [event], 'any');
  if (status !== 'written' && status !== 'repeated') throw new WriteRefusedError(stream, status);
}
