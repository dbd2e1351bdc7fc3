import type { Codec } from '../codec/codec.ts';
import type { RecordedEvent, UnknownEvent } from '../codec/recorded-event.ts';
import type { EventStore } from '../event-store.ts';
import type { Logger } from '../logger.ts';
import type { LogReads } from './log-reads.ts';

/** Returns the reads of the port, which decode events. */
export function createTypedReads(
  codec: Codec,
  logger: Logger,
  stored: Pick<LogReads, 'stream' | 'last' | 'log'>,
): Pick<EventStore, 'read' | 'readLast' | 'readAll'> {
  const skip = ({ type, stream, revision }: UnknownEvent) =>
    logger.warn('an event of unknown type was skipped', { type, stream, revision: revision.toString() });
  return {
    read: async function* (stream, { from = 0n, onUnknown } = {}) {
      for await (const event of stored.stream(stream, from)) {
        const decoded = codec.decode(event);
        if (decoded.kind === 'event') yield decoded.recorded;
        else {
          skip(decoded);
          onUnknown?.(decoded);
        }
      }
    },
    readLast: async (stream): Promise<RecordedEvent | undefined> => {
      const last = await stored.last(stream);
      const decoded = last && codec.decode(last);
      if (decoded?.kind === 'event') return decoded.recorded;
      if (decoded !== undefined) skip(decoded);
      return undefined;
    },
    readAll: async function* ({ prefixes, after }) {
      for await (const event of stored.log(after)) {
        if (!prefixes.some((prefix) => event.streamId.startsWith(prefix))) continue;
        const decoded = codec.decode(event);
        if (decoded.kind === 'event') yield decoded.recorded;
        else skip(decoded);
      }
    },
  };
}
