import type { StoredEvent } from '../../storage/event.ts';
import type { EventLog } from '../../storage/log.ts';
import { ALL } from '../stored/stream-names.ts';

interface Listener {
  onCommitted(events: readonly StoredEvent[]): void;
}

/** Passes committed events only to the groups of their stream and of `$all`, so that a commit costs the others nothing. */
export class CommitListeners {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #removeListener: () => void;

  constructor(log: EventLog) {
    this.#removeListener = log.onCommitted((events) => this.#committed(events));
  }

  add(stream: string, listener: Listener): void {
    const listeners = this.#listeners.get(stream) ?? new Set<Listener>();
    this.#listeners.set(stream, listeners.add(listener));
  }

  remove(stream: string, listener: Listener): void {
    const listeners = this.#listeners.get(stream);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(stream);
  }

  close(): void {
    this.#removeListener();
  }

  #committed(events: readonly StoredEvent[]): void {
    if (!this.#listeners.size) return;
    const onAll = this.#listeners.get(ALL);
    if (onAll) for (const listener of [...onAll]) listener.onCommitted(events);
    for (const [stream, own] of this.#byListenedStream(events)) {
      for (const listener of [...(this.#listeners.get(stream) ?? [])]) listener.onCommitted(own);
    }
  }

  #byListenedStream(events: readonly StoredEvent[]): Map<string, StoredEvent[]> {
    const streams = new Map<string, StoredEvent[]>();
    for (const event of events) {
      if (!this.#listeners.has(event.stream)) continue;
      const ofStream = streams.get(event.stream);
      if (ofStream) ofStream.push(event);
      else streams.set(event.stream, [event]);
    }
    return streams;
  }
}
