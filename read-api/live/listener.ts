import { type Messages, type Reader, STILL_HERE } from './event-messages.ts';

/** Characters that may wait for one listener: what is shared with others counts for each. */
const MAX_WAITING = 1024 * 1024;

export interface ListenerOptions {
  /** Of one order; of all when absent. */
  readonly orderId?: string | undefined;
  readonly reader: Reader;
  /** Called once, when it is cut off because it does not take what waits for it. */
  readonly onTooSlow: () => void;
}

/**
 * Who listens, and what waits to be taken. One that takes too little is cut off: it comes back with the id of the last
 * event that it has, and gets the rest from the store at its own pace.
 */
export class Listener {
  readonly orderId: string | undefined;
  readonly reader: Reader;
  readonly #onTooSlow: () => void;
  readonly #cut = new AbortController();
  #after = '';
  #waiting: string[] = [];
  #size = 0;
  /** Something already waited at the last beat, and nothing was taken since. */
  #isStuck = false;
  #hasEnded = false;
  #wake: () => void = () => {};

  constructor({ orderId, reader, onTooSlow }: ListenerOptions) {
    this.orderId = orderId;
    this.reader = reader;
    this.#onTooSlow = onTooSlow;
  }

  /** Aborts when it is cut off. */
  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** It has everything up to this place, and is told only what is behind. */
  has(key: string): void {
    this.#after = key;
  }

  tell(messages: Messages): void {
    this.#add(messages.behind(this.#after).textFor(this.reader));
  }

  /** To be called regularly: keeps the connection open, and finds those who take nothing any more. */
  beat(): void {
    if (this.#waiting.length === 0) this.#add(STILL_HERE);
    else if (this.#isStuck) this.#cutOff();
    else this.#isStuck = true;
  }

  /** It takes what it is given, if not what waits here. */
  moves(): void {
    this.#isStuck = false;
  }

  /** What waits longest; undefined when there is nothing left and nothing more will come. */
  async take(): Promise<string | undefined> {
    while (this.#waiting.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.moves();
    const text = this.#waiting.shift();
    this.#size -= text?.length ?? 0;
    return text;
  }

  /** Nothing more will come; what waits can still be taken. */
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
