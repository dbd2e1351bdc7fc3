import type { StoredEvent } from '../../storage/event.ts';
import type { EventLog, StreamPage } from '../../storage/log.ts';

const MAX_ENTRIES = 20;

/** Returns the newest events of a stream like EventStoreDB's Atom feed, or undefined if the stream does not exist. */
export function streamFeed(log: EventLog, stream: string, base: string) {
  const page = stream === '$all' ? newestOfAll(log) : log.readStreamBackwards(stream, Infinity, MAX_ENTRIES);
  return page.status === 'found'
    ? feed(stream, page, `${base}/streams/${encodeURIComponent(stream)}`)
    : undefined;
}

function newestOfAll(log: EventLog): StreamPage {
  const { events } = log.readAllBackwards(Infinity, MAX_ENTRIES);
  return { status: 'found', events, next: undefined, last: log.lastPosition() };
}

function feed(stream: string, page: StreamPage, self: string) {
  return {
    title: `Event stream '${stream}'`,
    id: self,
    updated: new Date(page.events[0]?.created ?? 0).toISOString(),
    streamId: stream,
    author: { name: 'EventStore' },
    headOfStream: true,
    selfUrl: self,
    eTag: `${page.last};embedded`,
    links: [{ uri: self, relation: 'self' }],
    entries: page.events.map((event) => entry(event, self)),
  };
}

function entry(event: StoredEvent, self: string) {
  return {
    title: `${event.revision}@${event.stream}`,
    id: `${self}/${event.revision}`,
    updated: new Date(event.created).toISOString(),
    author: { name: 'EventStore' },
    summary: event.type,
    eventId: event.id,
    eventNumber: event.revision,
    isJson: event.isJson,
    data: event.isJson ? Buffer.from(event.data).toString() : Buffer.from(event.data).toString('base64'),
    metadata: Buffer.from(event.metadata).toString(),
  };
}
