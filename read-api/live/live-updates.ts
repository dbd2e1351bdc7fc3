import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Counter, Gauge, type Registry } from 'prom-client';
import { CallerQuota, type QuotaLimits } from '../../platform/http/limits/caller-quota.ts';
import { TooManyRequests, Unavailable } from '../../platform/http/response/errors.ts';
import { Messages, opening, type Reader } from './event-messages.ts';
import { Listener } from './listener.ts';
import { ListenersByOrder } from './listeners-by-order.ts';
import { readTimelinePart } from './read-timeline.ts';
import { TimelineTail, type TimelineTailOptions } from './timeline-tail.ts';

export interface LiveUpdatesOptions extends Omit<TimelineTailOptions, 'onEntries'> {
  readonly metrics: Registry;
  /** Maximum of open streams; default 3,000 in all, 20 of one caller. */
  readonly listeners?: Partial<QuotaLimits>;
  /** How often a silent connection is written to, in milliseconds. */
  readonly heartbeatMs?: number;
}

/** Below the maximum of connections, so that other requests have room. */
const LISTENERS: QuotaLimits = { max: 3_000, maxPerCaller: 20 };
/** `Retry-After` of a rejected caller, in seconds. */
const COME_BACK_S = 5;
/** Shorter than proxies keep a silent connection. */
const HEARTBEAT_MS = 15_000;
/** Milliseconds between reads while the read store is behind its earlier position. */
const RETRY_MS = 200;

export interface ListenRequest {
  /** The `sub` of the token that opens the stream. */
  readonly caller: string;
  /** All orders when absent. */
  readonly orderId?: string;
  /** Position key after which to begin; the current end when absent. */
  readonly after?: string | undefined;
  readonly reader: Reader;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
}

export interface LiveStream {
  readonly stream: AsyncIterable<string>;
  /** Aborts when the client is disconnected because it reads too slowly. */
  readonly cut: AbortSignal;
}

/**
 * Live updates of orders as server-sent events. While there are listeners, one reader follows the timeline for all of them.
 * Each listener gets every event after its start position, once and in order.
 */
export class LiveUpdates {
  readonly #options: LiveUpdatesOptions;
  readonly #listeners = new Map<Listener, string>();
  readonly #quota: CallerQuota;
  readonly #byOrder = new ListenersByOrder();
  readonly #tail: TimelineTail;
  readonly #tooSlow: Counter;
  readonly #heartbeats: NodeJS.Timeout;
  #isClosed = false;

  constructor(options: LiveUpdatesOptions) {
    this.#options = options;
    this.#quota = new CallerQuota({ ...LISTENERS, ...options.listeners });
    this.#tail = new TimelineTail({ ...options, onEntries: (entries) => this.#byOrder.send(entries) });
    const listeners = this.#listeners;
    const registers = [options.metrics];
    new Gauge({
      name: 'live_listeners',
      help: 'Open live streams',
      registers,
      collect() {
        this.set(listeners.size);
      },
    });
    this.#tooSlow = new Counter({
      name: 'live_listeners_cut_off_total',
      help: 'Live streams that were disconnected because their clients read too slowly',
      registers,
    });
    this.#heartbeats = setInterval(() => {
      for (const listener of listeners.keys()) listener.heartbeat();
    }, options.heartbeatMs ?? HEARTBEAT_MS).unref();
  }

  /**
   * Opens a stream. Throws `TooManyRequests` at the limit of the caller, `Unavailable` at the limit of all callers or when
   * the process stops, and what the read store throws.
   */
  async listen({ caller, orderId, after, reader, signal }: ListenRequest): Promise<LiveStream> {
    if (this.#isClosed) throw new Unavailable('no live updates: the process stops');
    this.#admit(caller);
    const listener = new Listener({ orderId, reader, onTooSlow: () => this.#tooSlow.inc() });
    const leave = () => this.#leave(listener);
    this.#listeners.set(listener, caller);
    try {
      await this.#tail.begin();
    } catch (error) {
      leave();
      throw error;
    }
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave);
    listener.cut.addEventListener('abort', leave);
    // Join now, not when the first piece of the stream is read: no event may be missed in between.
    const from = after ?? this.#join(listener, '');
    const stream = after === undefined ? this.#follow(listener) : this.#readThenFollow(listener, after);
    return { stream: this.#withOpening(listener, from, stream), cut: listener.cut };
  }

  /** Ends all streams after their queued messages were sent. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeats);
    this.#tail.stop();
    for (const listener of this.#listeners.keys()) listener.end();
  }

  #admit(caller: string): void {
    const reachedLimit = this.#quota.enter(caller);
    if (reachedLimit === 'full') throw new Unavailable('too many live streams are open', COME_BACK_S);
    if (reachedLimit === 'caller-full')
      throw new TooManyRequests(
        COME_BACK_S,
        `a caller may have at most ${this.#quota.limits.maxPerCaller} live streams open`,
      );
  }

  async *#withOpening(
    listener: Listener,
    from: string,
    stream: AsyncIterable<string>,
  ): AsyncGenerator<string> {
    try {
      yield opening(from);
      yield* stream;
    } finally {
      this.#leave(listener);
    }
  }

  async *#follow(listener: Listener): AsyncGenerator<string> {
    for (;;) {
      const text = await listener.take();
      if (text === undefined) return;
      yield text;
    }
  }

  /** A listener that is far behind first reads from the store at its own pace, so that no messages queue up meanwhile. */
  async *#readThenFollow(listener: Listener, after: string): AsyncGenerator<string> {
    const near = yield* this.#between(listener, after, this.#tail.position);
    yield* this.#between(listener, near, this.#join(listener, near));
    yield* this.#follow(listener);
  }

  /** Yields messages read from the store. Returns the position key that it has reached. */
  async *#between(listener: Listener, after: string, upTo: string): AsyncGenerator<string, string> {
    const { orderId, reader } = listener;
    let at = after;
    while (at < upTo && !listener.hasEnded) {
      const { entries, reached } = await readTimelinePart(this.#options, {
        after: at,
        upTo,
        orderId,
      });
      if (entries.length > 0) yield new Messages(entries).textFor(reader);
      listener.recordProgress();
      await (reached === at ? sleep(RETRY_MS) : nextTurn());
      at = reached;
    }
    return at;
  }

  /** Adds the listener to those that get new entries after `at`. Returns the position key of the tail. */
  #join(listener: Listener, at: string): string {
    const { position } = this.#tail;
    listener.skipUpTo(at > position ? at : position);
    if (!listener.hasEnded) this.#byOrder.add(listener);
    return position;
  }

  #leave(listener: Listener): void {
    listener.end();
    this.#byOrder.remove(listener);
    const caller = this.#listeners.get(listener);
    if (caller === undefined) return;
    this.#listeners.delete(listener);
    this.#quota.leave(caller);
    if (this.#listeners.size === 0) this.#tail.stop();
  }
}
