import type { EventStoreDBClient } from '@eventstore/db-client';
import { type Backoff, backoffMs, pause } from '../../platform/async/backoff.ts';
import type { Codec } from '../codec/codec.ts';
import { type AccessErrors, deniedBackoff } from '../connection/access.ts';
import type { ClientSource } from '../connection/client-source.ts';
import { isTimeout } from '../connection/failures.ts';
import type { Logger } from '../logger.ts';
import type { StoreWatch } from '../watch/store-watch.ts';

/** What every subscription uses. */
export interface SubscriptionParts {
  readonly source: ClientSource;
  readonly codec: Codec;
  /** Backoff between two attempts to subscribe. */
  readonly backoff: Backoff;
  /** Milliseconds without a confirmation until another connection is tried. */
  readonly confirmMs: number;
  /** Explains why a subscription was dropped, and keeps the access errors of groups for health. */
  readonly access: Pick<AccessErrors, 'causeOf' | 'keep'>;
  readonly logger: Logger;
  /** Checks after a dropped connection whether the log is unchanged. */
  readonly watch: Pick<StoreWatch, 'remember' | 'interrupted' | 'untilTrusted'>;
  /** Rejects when the log has events of another data version: then nothing may be read or acknowledged. */
  readonly identity: () => Promise<unknown>;
}

/** Counts how often in a row a subscription was dropped, and waits before it subscribes again. */
export class Drops {
  readonly #parts: SubscriptionParts;
  readonly #signal: AbortSignal;
  #failures = 0;

  constructor(parts: SubscriptionParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Reports that the subscription works. */
  received(): void {
    this.#failures = 0;
  }

  /** Reports a drop, logs its cause, and waits. A client that keeps failing is replaced. `group`: the consumer group. */
  async wait(dropped: unknown, client: EventStoreDBClient | undefined, group?: string): Promise<void> {
    const { access, backoff, logger, source, watch } = this.#parts;
    const failures = this.#failures;
    watch.interrupted();
    const denied = await access.causeOf(dropped);
    if (group !== undefined) access.keep(group, denied);
    if (denied === undefined) {
      const what = group === undefined ? 'the subscription to the log' : 'a consumer';
      logger.warn(`${what} was dropped`, { ...(group && { group }), failures, error: String(dropped) });
    }
    if (failures > 0 || isTimeout(dropped)) source.renew(client);
    await pause(backoffMs(failures, denied === undefined ? backoff : deniedBackoff), this.#signal);
    this.#failures += 1;
  }
}
