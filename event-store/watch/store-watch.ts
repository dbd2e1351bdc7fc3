import { pause } from '../../platform/async/backoff.ts';
import { withTimeout } from '../../platform/async/timeout.ts';
import { EventStoreAccessDenied, EventStoreChanged, EventStoreUnavailable } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { EventRef } from './event-ref.ts';
import type { Probe } from './probe.ts';
import { SeenEvents } from './seen-events.ts';

/** In milliseconds. */
export interface StoreWatchTiming {
  /** Interval of the checks. */
  readonly every: number;
  /** Time limit of a check; then the event store counts as unavailable. */
  readonly limit: number;
}

const TIMING: StoreWatchTiming = { every: 1_000, limit: 5_000 };
/** Every third check also looks up the seen events, even without a dropped connection. */
const DEEP_EVERY = 3;
/** Number of checks over new connections that must agree: a deposed leader also lacks the newest events. */
const CONFIRMATIONS = 3;

export const NOT_CHECKED_YET = 'the event store was not checked yet';
const UNAVAILABLE = 'the event store does not answer';
const CHANGED = 'the event store is not the one that this process knows: see its log';

/**
 * Checks the event store, one check at a time; health returns the last result at once. Detects that the event store was
 * replaced or restored to an older state, because a seen event is missing.
 */
export class StoreWatch {
  readonly #probe: Probe;
  readonly #logger: Logger;
  readonly #timing: StoreWatchTiming;
  readonly #writeTrouble: () => string | undefined;
  readonly #closing = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | undefined;
  #check = NOT_CHECKED_YET;
  #identity: string | undefined;
  readonly #seen = new SeenEvents();
  /** Time of the last answer to other calls, by `performance.now()`. */
  #answeredAt = Number.NEGATIVE_INFINITY;
  #suspicions = 0;
  #interruptions = 0;
  #trustedSince = 0;
  #waiting: (() => void)[] = [];
  #reportChanged: (error: EventStoreChanged) => void = () => {};
  /** Resolves when the event store was replaced or restored to an older state. */
  readonly changed: Promise<EventStoreChanged>;

  /** `logger` receives one warning per outage and interval; `writeTrouble` returns why writes fail while reads succeed. */
  constructor(
    probe: Probe,
    logger: Logger,
    timing: Partial<StoreWatchTiming> = {},
    writeTrouble: () => string | undefined = () => undefined,
  ) {
    this.#probe = probe;
    this.#writeTrouble = writeTrouble;
    this.#logger = logger;
    this.#timing = { ...TIMING, ...timing };
    this.changed = new Promise((resolve) => {
      this.#reportChanged = resolve;
    });
  }

  /** Starts the checks. Until then, cached state is trusted. */
  start(): void {
    this.#running ??= this.#keepChecking();
  }

  /** `ok`, or a sentence for an operator, without user or address. */
  get check(): string {
    return this.#check === 'ok' ? (this.#writeTrouble() ?? 'ok') : this.#check;
  }

  /** False from a dropped connection until the log is found unchanged: then no cached state may be used. */
  get isTrusted(): boolean {
    return this.#running === undefined || this.#trustedSince === this.#interruptions;
  }

  /** Resolves once the log is trusted, or the signal aborts. */
  async untilTrusted(signal: AbortSignal): Promise<void> {
    while (!this.isTrusted && !signal.aborted && !this.#closing.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  /** Remembers an event of the log, which must not disappear. */
  remember(event: EventRef): void {
    this.#seen.add(event);
  }

  /** Remembers an event that the event store has just sent, which shows that it answers. */
  saw(event: EventRef): void {
    this.#answeredAt = performance.now();
    this.remember(event);
  }

  /** Reports a dropped connection: the event store may have been replaced since. */
  interrupted(): void {
    this.#interruptions += 1;
    this.#wake.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    this.#release();
    await this.#running;
  }

  async #keepChecking(): Promise<void> {
    const { every, limit } = this.#timing;
    const late = () => new EventStoreUnavailable(`no answer within ${limit} ms`);
    const pauseMs = () => (this.#suspicions > 0 ? every / 2 : every);
    for (let checks = 0; !this.#closing.signal.aborted; checks += 1) {
      const isDeep = checks % DEEP_EVERY === 0 || !this.isTrusted;
      try {
        await withTimeout(this.#checkOnce(isDeep), limit, late);
        if (this.#check !== 'ok' && this.#check !== NOT_CHECKED_YET)
          this.#logger.info('the event store answers again');
        this.#check = 'ok';
        this.#suspicions = 0;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (error instanceof EventStoreUnavailable && this.#answersOthers()) {
          await this.#pause(pauseMs());
          continue;
        }
        this.#interruptions += 1;
        if (error instanceof EventStoreChanged) {
          this.#check = CHANGED;
          this.#suspicions += 1;
          if (this.#suspicions === CONFIRMATIONS) return this.#reportChanged(error);
          this.#probe.reconnect();
        } else {
          this.#check = error instanceof EventStoreAccessDenied ? error.health : UNAVAILABLE;
          // An access error was already logged with its sentence.
          if (!(error instanceof EventStoreAccessDenied))
            this.#logger.warn('the event store is unavailable', { error: reasonOf(error) });
        }
      }
      await this.#pause(pauseMs());
    }
  }

  /** Returns whether other calls were answered a moment ago: then a check is late because of the load, not of an outage. */
  #answersOthers(): boolean {
    return performance.now() - this.#answeredAt < this.#timing.every;
  }

  async #checkOnce(isDeep: boolean): Promise<void> {
    if (!isDeep) {
      await this.#probe.head();
      return;
    }
    const interruptions = this.#interruptions;
    const known = this.#seen.list();
    const [identity, newest] = await Promise.all([this.#probe.identity(), this.#probe.newest()]);
    if (this.#identity !== undefined && identity !== this.#identity)
      throw new EventStoreChanged(
        `the event store is another one (${identity ?? 'without a name'}) than the one that this process started with (${this.#identity})`,
      );
    this.#identity = identity;
    await this.#seen.check(known, newest, (event) => this.#probe.holds(event));
    this.#trustedSince = interruptions;
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, this.#wake.signal);
    // One check serves all connections that drop at the same time.
    if (this.#wake.signal.aborted) await pause(50, this.#closing.signal);
    this.#wake = new AbortController();
  }
}

/** Returns the message of an error and of its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? String(error) : `${error}: ${cause instanceof Error ? cause.message : cause}`;
}
