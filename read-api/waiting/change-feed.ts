import type { Logger } from 'winston';
import { pause } from '../../platform/async/backoff.ts';
import { foldOutages } from '../../platform/logging/folded-logger.ts';
import type { ModelDeclaration, ReadStore } from '../../read-store/read-store.ts';
import { changesFrom } from './change-feed-client.ts';
import { Lag } from './lag.ts';
import { Positions } from './positions.ts';

export interface ChangeFeedOptions {
  readonly readStore: Pick<ReadStore, 'currentLease' | 'live'>;
  /** The lease of whoever writes the read models: it has the feed's URL. */
  readonly lease: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly timing?: Partial<ChangeFeedTiming>;
}

/** In milliseconds. */
export interface ChangeFeedTiming {
  /** How often a checkpoint that somebody waits for is looked at while the feed is away, */
  readonly lookWithoutFeed: number;
  /** and while the feed is there: it may have gone silent without a word. */
  readonly lookWithFeed: number;
  /** Before the feed is tried again, at most; doubling up to it from a twentieth, with jitter. */
  readonly reconnect: number;
  /** How often the lease is looked at for another feed. */
  readonly checkLease: number;
  /** A feed that says nothing for so long, not even that it is there, is given up. */
  readonly silence: number;
}

const TIMING: ChangeFeedTiming = {
  lookWithoutFeed: 25,
  lookWithFeed: 500,
  reconnect: 2_000,
  checkLease: 5_000,
  silence: 45_000,
};

/**
 * Knows how far each read model has come: hears it from the projections' change feed, reconnecting for ever, and looks at
 * the checkpoint where somebody waits and the feed says nothing. A position that a model has passed is safe to read.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #timing: ChangeFeedTiming;
  readonly #positions = new Positions();
  readonly #lag = new Lag();
  readonly #looking = new Set<string>();
  readonly #closing = new AbortController();
  readonly #following: Promise<void>;
  #connected = false;

  /** Begins to follow at once. */
  constructor(options: ChangeFeedOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#following = this.#follow();
  }

  /** Whether the feed is being heard. */
  get connected(): boolean {
    return this.#connected;
  }

  /** The position that the model is known to have passed. */
  position(model: string): bigint | undefined {
    return this.#positions.of(model);
  }

  /** Milliseconds since the model was last known to have everything that any model has. */
  lagMs(model: string): number {
    return this.#lag.of(model);
  }

  /**
   * Whether the model's live generation has passed the position, within `timeoutMs` and before the signal aborts. The
   * checkpoint is looked at once more before the answer is no.
   */
  async waitFor(
    model: ModelDeclaration,
    position: bigint,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (this.#positions.hasPassed(model.name, position)) return true;
    const reached = this.#positions.reached(model.name, position, timeoutMs, signal);
    void this.#lookWhileAwaited(model);
    if (await reached) return true;
    if (signal?.aborted === true) return false;
    await this.#look(model);
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
    const least = this.#timing.reconnect / 20;
    let pauseMs = least;
    while (!signal.aborted) {
      const heard = await this.#listen().catch((error: unknown) => this.#lost(error));
      this.#hear(false);
      pauseMs = heard ? least : Math.min(pauseMs * 2, this.#timing.reconnect);
      await pause(pauseMs * (0.5 + Math.random() / 2), signal);
    }
  }

  /** Listens until the feed ends; whether it was there at all. */
  async #listen(): Promise<boolean> {
    const lease = await this.#options.readStore.currentLease(this.#options.lease);
    if (lease === undefined || lease.url === '') return false;
    const over = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, over.signal]);
    const watching = this.#watchLease(lease.url, over);
    try {
      const changes = await changesFrom(lease.url, this.#timing.silence, signal);
      // The feed first sends the position of each model, which may be lower than before.
      this.forget();
      this.#hear(true);
      this.#options.logger.info('hearing the change feed', { url: lease.url });
      for await (const { model, position } of changes) this.#advance(model, position);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      over.abort();
      await watching;
    }
    return true;
  }

  /** Ends the listening when the lease has gone to somebody else: whoever lost it may still hold the line. */
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
      foldOutages(this.#options.logger, 'read store').warn(
        'the change feed is unavailable: reading checkpoints',
        {
          reason,
        },
      );
    return wasThere;
  }

  async #lookWhileAwaited(model: ModelDeclaration): Promise<void> {
    if (this.#looking.has(model.name)) return;
    this.#looking.add(model.name);
    const { signal } = this.#closing;
    if (this.#connected) await pause(this.#timing.lookWithFeed, signal);
    while (!signal.aborted && this.#positions.isAwaited(model.name)) {
      // A store that is away is told to the caller by the reading that follows.
      await this.#look(model).catch(() => {});
      await pause(this.#connected ? this.#timing.lookWithFeed : this.#timing.lookWithoutFeed, signal);
    }
    this.#looking.delete(model.name);
  }

  async #look(model: ModelDeclaration): Promise<void> {
    const documents = await this.#options.readStore.live(model);
    const checkpoint = await documents.checkpoint();
    if (checkpoint !== undefined) this.#advance(model.name, checkpoint.commit);
  }

  #hear(heard: boolean): void {
    this.#connected = heard;
    this.#lag.hear(heard);
  }

  #advance(model: string, position: bigint): void {
    this.#positions.advance(model, position);
    this.#lag.advance(model, position);
  }
}
