import type { StoredEvent } from '../../storage/event.ts';
import type { EventLog } from '../../storage/log.ts';
import { ALL } from '../stored/stream-names.ts';

interface Listener {
  committed(events: readonly StoredEvent[]): void;
}

/** Tells each group of what was committed in its stream, so that a commit costs nothing to all others. */
export class CommitListeners {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #end: () => void;

  constructor(log: EventLog) {
    this.#end = log.onCommitted((events) => this.#committed(events));
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
    this.#end();
  }

  #committed(events: readonly StoredEvent[]): void {
    if (!this.#listeners.size) return;
    const onAll = this.#listeners.get(ALL);
    if (onAll) for (const listener of [...onAll]) listener.committed(events);
    for (const [stream, own] of this.#byListenedStream(events)) {
      for (const listener of [...(this.#listeners.get(stream) ?? [])]) listener.committed(own);
    }
  }

  #byListenedStream(events: readonly StoredEvent[]): Map<string, StoredEvent[]> {
    const streams = new Map<string, StoredEvent[]>();
    for (const event of events) {
      if (!this.#listeners.has(event.stream)) continue;
      const own = streams.get(event.stream);
      if (own) own.push(event);
      else streams.set(event.stream, [event]);
    }
    return streams;
  }
}
