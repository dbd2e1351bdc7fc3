import type { StoredEvent } from '../../../storage/event.ts';
import type { EventLog } from '../../../storage/log.ts';
import { encodeReadEvent, type IdFormat } from '../../messages/encode-responses.ts';

export interface LiveListener {
  /** Receives each committed event of the stream, even if it was already read from the log. */
  onEvent(event: StoredEvent): void;
}

/** Passes committed events to subscriptions, and encodes each event once for all of them. */
export class LiveEvents {
  readonly #all = new Set<LiveListener>();
  readonly #byStream = new Map<string, Set<LiveListener>>();
  readonly #encoded: Record<IdFormat, WeakMap<StoredEvent, Buffer>> = {
    string: new WeakMap(),
    structured: new WeakMap(),
  };
  readonly #removeListener: () => void;
  #commits: (readonly StoredEvent[])[] = [];
  #later: NodeJS.Immediate | undefined;

  constructor(log: Pick<EventLog, 'onCommitted'>) {
    this.#removeListener = log.onCommitted((events) => this.#deliverLater(events));
  }

  /** Registers a listener of a stream, or of all streams (undefined); returns a function that removes it. */
  listen(stream: string | undefined, listener: LiveListener): () => void {
    if (stream === undefined) {
      this.#all.add(listener);
      return () => this.#all.delete(listener);
    }
    const listeners = this.#byStream.get(stream) ?? new Set();
    this.#byStream.set(stream, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#byStream.get(stream) === listeners) this.#byStream.delete(stream);
    };
  }

  /** Returns the encoded message of an event that is not a resolved link. */
  encode(event: StoredEvent, ids: IdFormat): Buffer {
    const known = this.#encoded[ids].get(event);
    if (known !== undefined) return known;
    const message = encodeReadEvent({ event, link: undefined }, ids);
    this.#encoded[ids].set(event, message);
    return message;
  }

  close(): void {
    this.#removeListener();
    clearImmediate(this.#later);
  }

  /** Delivers in the next turn, so that a client receives the response to its append before the events. */
  #deliverLater(events: readonly StoredEvent[]): void {
    if (this.#all.size === 0 && this.#byStream.size === 0) return;
    this.#commits.push(events);
    this.#later ??= setImmediate(() => this.#deliver());
  }

  #deliver(): void {
    const commits = this.#commits;
    this.#commits = [];
    this.#later = undefined;
    for (const events of commits) this.#deliverEvents(events);
  }

  #deliverEvents(events: readonly StoredEvent[]): void {
    for (const event of events) {
      for (const listener of this.#all) listener.onEvent(event);
      const listeners = this.#byStream.get(event.stream);
      if (listeners !== undefined) for (const listener of [...listeners]) listener.onEvent(event);
    }
  }
}
