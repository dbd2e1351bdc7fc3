import type { Logger } from 'winston';
import { pause } from '../../platform/async/backoff.ts';
import { limitOutageWarnings } from '../../platform/logging/limit-warnings.ts';
import type { ModelDeclaration, ReadStore } from '../../read-store/read-store.ts';
import { changesFrom } from './change-feed-client.ts';
import { Lag } from './lag.ts';
import { Positions } from './positions.ts';

export interface ChangeFeedOptions {
  readonly readStore: Pick<ReadStore, 'currentLease' | 'live'>;
  /** Name of the projector's lease, which holds the URL of the feed. */
  readonly lease: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly timing?: Partial<ChangeFeedTiming>;
}

/** In milliseconds. */
export interface ChangeFeedTiming {
  /** Interval at which an awaited checkpoint is read while the feed is unavailable. */
  readonly pollWithoutFeed: number;
  /** The same while the feed is connected: a dead connection may not be noticed yet. */
  readonly pollWithFeed: number;
  /** Maximum pause before a reconnect; it doubles from a twentieth of this, with jitter. */
  readonly reconnect: number;
  /** Interval at which the lease is checked for another feed. */
  readonly checkLease: number;
  /** Maximum silence of the feed, heartbeats included; then the connection counts as dead. */
  readonly silence: number;
}

const TIMING: ChangeFeedTiming = {
  pollWithoutFeed: 25,
  pollWithFeed: 500,
  reconnect: 2_000,
  checkLease: 5_000,
  silence: 45_000,
};

/**
 * Tracks the position of each read model. Follows the change feed of the projector and always reconnects; reads the
 * checkpoint of a model when a request waits and the feed is silent. A query sees every event up to the tracked position.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #timing: ChangeFeedTiming;
  readonly #positions = new Positions();
  readonly #lag = new Lag();
  readonly #polled = new Set<string>();
  readonly #closing = new AbortController();
  readonly #following: Promise<void>;
  #connected = false;

  /** Connects at once. */
  constructor(options: ChangeFeedOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#following = this.#follow();
  }

  /** Whether the feed is connected. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Returns the highest position that the model is known to have passed. */
  position(model: string): bigint | undefined {
    return this.#positions.of(model);
  }

  /** Returns the milliseconds since the model was last known to be as far as the furthest model. */
  lagMs(model: string): number {
    return this.#lag.of(model);
  }

  /**
   * Returns whether the model's live generation passes the position within `timeoutMs` and before the signal aborts. Reads
   * the checkpoint once more before it returns false.
   */
  async waitFor(
    model: ModelDeclaration,
    position: bigint,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (this.#positions.hasPassed(model.name, position)) return true;
    const reached = this.#positions.reached(model.name, position, timeoutMs, signal);
    void this.#pollWhileAwaited(model);
    if (await reached) return true;
    if (signal?.aborted === true) return false;
    await this.#readCheckpoint(model);
    return this.#positions.hasPassed(model.name, position);
  }

  /** Forgets all positions and lags, because the read models begin anew. */
  forget(): void {
    this.#positions.forget();
    this.#lag.forget();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#positions.giveUp();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    const minimumMs = this.#timing.reconnect / 20;
    let pauseMs = minimumMs;
    while (!signal.aborted) {
      const wasConnected = await this.#listen().catch((error: unknown) => this.#lost(error));
      this.#setConnected(false);
      pauseMs = wasConnected ? minimumMs : Math.min(pauseMs * 2, this.#timing.reconnect);
      await pause(pauseMs * (0.5 + Math.random() / 2), signal);
    }
  }

  /** Follows the feed until it ends. Returns whether it was connected. */
  async #listen(): Promise<boolean> {
    const lease = await this.#options.readStore.currentLease(this.#options.lease);
    if (lease === undefined || lease.url === '') return false;
    const over = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, over.signal]);
    const watching = this.#watchLease(lease.url, over);
    try {
      const changes = await changesFrom(lease.url, this.#timing.silence, signal);
      // A projector that takes over first sends its checkpoints, which may be lower. The documents still have all events up
      // to the known positions, so these stay.
      this.#setConnected(true);
      this.#options.logger.info('connected to the change feed', { url: lease.url });
      for await (const { model, position } of changes) this.#advance(model, position);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      over.abort();
      await watching;
    }
    return true;
  }

  /** Disconnects when another projector takes the lease: the previous one may keep the connection open. */
  async #watchLease(url: string, over: AbortController): Promise<void> {
    while (!over.signal.aborted) {
      await pause(this.#timing.checkLease, over.signal);
      if (over.signal.aborted) return;
      const lease = await this.#options.readStore.currentLease(this.#options.lease).catch(() => ({ url }));
      if (lease !== undefined && lease.url !== url) over.abort();
    }
  }

  #lost(error: unknown): boolean {
    const wasThere = this.#connected;
    const reason = error instanceof Error ? error.message : String(error);
    if (wasThere)
      limitOutageWarnings(this.#options.logger, 'read store').warn(
        'the change feed is unavailable: reading checkpoints',
        {
          reason,
        },
      );
    return wasThere;
  }

  async #pollWhileAwaited(model: ModelDeclaration): Promise<void> {
    if (this.#polled.has(model.name)) return;
    this.#polled.add(model.name);
    const { signal } = this.#closing;
    if (this.#connected) await pause(this.#timing.pollWithFeed, signal);
    while (!signal.aborted && this.#positions.isAwaited(model.name)) {
      // The read of the request itself reports an unavailable store.
      await this.#readCheckpoint(model).catch(() => {});
      await pause(this.#connected ? this.#timing.pollWithFeed : this.#timing.pollWithoutFeed, signal);
    }
    this.#polled.delete(model.name);
  }

  async #readCheckpoint(model: ModelDeclaration): Promise<void> {
    const documents = await this.#options.readStore.live(model);
    const checkpoint = await documents.checkpoint();
    if (checkpoint !== undefined) this.#advance(model.name, checkpoint.commit);
  }

  #setConnected(isConnected: boolean): void {
    this.#connected = isConnected;
    this.#lag.setConnected(isConnected);
  }

  #advance(model: string, position: bigint): void {
    this.#positions.advance(model, position);
    this.#lag.advance(model, position);
  }
}
