import { randomUUID } from 'node:crypto';
import { AppendRejected } from '../errors.ts';
import { LINK_TYPE, type NewEvent, revisionText } from '../event.ts';
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

/** Creates a link to an event. */
export const linkTo = (
  { revision, stream }: { readonly revision: number; readonly stream: string },
  metadata?: unknown,
): NewEvent => ({
  id: randomUUID(),
  type: LINK_TYPE,
  isJson: false,
  data: utf8.encode(`${revisionText(revision)}@${stream}`),
  metadata: metadata === undefined ? EMPTY : utf8.encode(JSON.stringify(metadata)),
});

/**
 * Appends one event to a stream of the node itself.
 * @throws {AppendRejected} when the stream is deleted, {LogFailed} when the disk rejects the write
 */
export async function appendEvent(log: EventLog, stream: string, event: NewEvent): Promise<void> {
  const { status } = await log.append(stream, [event], 'any');
  if (status !== 'written' && status !== 'repeated') throw new AppendRejected(stream, status);
}
