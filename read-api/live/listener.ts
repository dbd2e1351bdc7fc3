import { HEARTBEAT, type Messages, type Reader } from './event-messages.ts';

/** Maximum number of characters that wait for one listener. Text shared by listeners counts for each of them. */
const MAX_WAITING = 1024 * 1024;

export interface ListenerOptions {
  /** The followed order; all orders when absent. */
  readonly orderId?: string | undefined;
  readonly reader: Reader;
  /** Called once, when the listener is disconnected because it reads too slowly. */
  readonly onTooSlow: () => void;
}

/**
 * One live stream and its queue of messages. A client that reads too slowly is disconnected: it reconnects with the id of
 * its last event, and gets the following ones from the read store at its own pace.
 */
export class Listener {
  readonly orderId: string | undefined;
  readonly reader: Reader;
  readonly #onTooSlow: () => void;
  readonly #cut = new AbortController();
  #after = '';
  #waiting: string[] = [];
  #size = 0;
  /** The queue was not empty at the last heartbeat, and nothing was taken since. */
  #isStuck = false;
  #hasEnded = false;
  #wake: () => void = () => {};

  constructor({ orderId, reader, onTooSlow }: ListenerOptions) {
    this.orderId = orderId;
    this.reader = reader;
    this.#onTooSlow = onTooSlow;
  }

  /** Aborts when the listener is disconnected. */
  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Records that the client has every event up to this key: only later ones are sent. */
  skipUpTo(key: string): void {
    this.#after = key;
  }

  send(messages: Messages): void {
    this.#add(messages.behind(this.#after).textFor(this.reader));
  }

  /** To be called regularly: keeps the connection open, and disconnects a client that no longer reads. */
  heartbeat(): void {
    if (this.#waiting.length === 0) this.#add(HEARTBEAT);
    else if (this.#isStuck) this.#cutOff();
    else this.#isStuck = true;
  }

  /** Records that the client reads, although not from this queue. */
  recordProgress(): void {
    this.#isStuck = false;
  }

  /** Returns the oldest queued text; undefined when the queue is empty and the stream has ended. */
  async take(): Promise<string | undefined> {
    while (this.#waiting.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.recordProgress();
    const text = this.#waiting.shift();
    this.#size -= text?.length ?? 0;
    return text;
  }

  /** Ends the stream; the queue can still be read. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  #add(text: string): void {
    if (text === '' || this.#hasEnded) return;
    if (this.#size + text.length > MAX_WAITING && this.#size > 0) {
      this.#cutOff();
      return;
    }
    this.#waiting.push(text);
    this.#size += text.length;
    this.#wake();
  }

  #cutOff(): void {
    this.#waiting = [];
    this.#size = 0;
    this.end();
    this.#cut.abort();
    this.#onTooSlow();
  }
}
