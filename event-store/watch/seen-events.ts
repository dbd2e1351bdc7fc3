import { EventStoreChanged } from '../errors.ts';
import type { EventRef } from './event-ref.ts';
import type { Probe } from './probe.ts';

/** Maximum number of remembered events, each of another stream, since a stream may be deleted. */
const REMEMBERED = 4;

/** The events that this process has seen, which the log must not lose. */
export class SeenEvents {
  #checked: readonly EventRef[] = [];
  #furthest: EventRef | undefined;

  add(event: EventRef): void {
    if (this.#furthest === undefined || event.position.commit > this.#furthest.position.commit)
      this.#furthest = event;
  }

  /** Returns the remembered events, the highest position first. */
  list(): readonly EventRef[] {
    return highestOfEachStream([this.#furthest, ...this.#checked]);
  }

  /**
   * Checks that the log still has the highest of the known events, or one below it when a scavenge may have removed it;
   * earlier events then exist too. Remembers a newer event of the log. Throws `EventStoreChanged`.
   */
  async check(known: readonly EventRef[], newest: readonly EventRef[], holds: Probe['holds']): Promise<void> {
    let found: EventRef | undefined;
    for (const event of known) {
      const isThere = await holds(event);
      if (isThere === false)
        throw new EventStoreChanged(
          `the event store was restored to an older state: it has lost ${event.stream}@${event.revision} ` +
            `at position ${event.position.commit}, which this process has seen`,
        );
      if (isThere) {
        found = event;
        break;
      }
    }
    const newer = newest.find(({ position }) => position.commit > (found?.position.commit ?? -1n));
    this.#checked = highestOfEachStream([newer, ...known]);
  }
}

/** Returns the highest event of each stream, the highest position first. */
function highestOfEachStream(events: readonly (EventRef | undefined)[]): EventRef[] {
  const sorted = events
    .filter((event) => event !== undefined)
    .sort((a, b) => (a.position.commit > b.position.commit ? -1 : 1));
  const streams = new Set<string>();
  return sorted
    .filter(({ stream }) => !streams.has(stream) && streams.add(stream) !== undefined)
    .slice(0, REMEMBERED);
}
