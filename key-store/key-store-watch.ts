import { pause } from '../platform/async/backoff.ts';
import { settlesWithin } from '../platform/async/timeout.ts';
import { untilAborted } from '../platform/async/until-aborted.ts';
import { limitOutageWarnings } from '../platform/logging/limit-warnings.ts';
import { KeyStoreUnavailable, KeyStoreUnusable } from './errors.ts';
import type { KeyStore } from './key-store.ts';

type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

const EVERY_MS = 750;
const LIMIT_MS = 1_500;

export const KEY_STORE_UNAVAILABLE = 'the key store does not answer';
const KEY_STORE_UNUSABLE = 'the key store cannot be used: the log says why';

/** Periodically checks the key store; health returns the last result at once. */
export class KeyStoreWatch {
  readonly #keyStore: Pick<KeyStore, 'ping'>;
  readonly #logger: { readonly info: Log; readonly warn: Log };
  readonly #closing = new AbortController();
  readonly #checking: Promise<void>;
  #check = 'ok';

  /** Starts the checks at once; the key store was opened just before. */
  constructor(
    keyStore: Pick<KeyStore, 'ping'>,
    logger: { readonly info: Log; readonly warn: Log; readonly error: Log },
    everyMs = EVERY_MS,
  ) {
    this.#keyStore = keyStore;
    this.#logger = limitOutageWarnings(logger, 'key store');
    this.#checking = this.#checkPeriodically(everyMs);
  }

  /** `ok`, or a sentence for the operator, without address, user or path. */
  get check(): string {
    return this.#check;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#checking;
  }

  async #checkPeriodically(everyMs: number): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const ping = this.#keyStore.ping().then(
        () => this.#report(undefined),
        (error: unknown) => this.#report(error),
      );
      if (!(await settlesWithin(untilAborted(ping, signal), LIMIT_MS))) {
        this.#report(new KeyStoreUnavailable(`no response within ${LIMIT_MS} ms`));
        // One ping at a time; the adapters limit how long it takes.
        await untilAborted(ping, signal);
      }
      await pause(everyMs, signal);
    }
  }

  #report(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    if (error === undefined) {
      if (this.#check !== 'ok') this.#logger.info('the key store is available again');
      this.#check = 'ok';
      return;
    }
    this.#logger.warn('the key store is unavailable', { error: String(error) });
    this.#check = error instanceof KeyStoreUnusable ? KEY_STORE_UNUSABLE : KEY_STORE_UNAVAILABLE;
  }
}
