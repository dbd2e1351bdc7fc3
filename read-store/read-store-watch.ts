import { pause } from '../platform/async/backoff.ts';
import { settlesWithin } from '../platform/async/timeout.ts';
import { untilAborted } from '../platform/async/until-aborted.ts';
import { limitOutageWarnings } from '../platform/logging/limit-warnings.ts';
import { ReadStoreFull, ReadStoreReplaced, ReadStoreUnavailable } from './errors.ts';
import { LeaseObserver, PROJECTOR_LEASE } from './projector-lease.ts';
import type { ModelStatus, ReadStore } from './read-store.ts';

type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

export interface ReadStoreWatchOptions {
  readonly readStore: Pick<ReadStore, 'ping' | 'reopen' | 'currentLease' | 'statuses'>;
  readonly logger: { readonly info: Log; readonly warn: Log; readonly error: Log };
  /** Required read models; one without a status counts as catching up. */
  readonly models?: readonly string[];
  /** In milliseconds. */
  readonly timing?: Partial<ReadStoreTiming>;
}

export interface ReadStoreTiming {
  /** Interval of the checks. */
  readonly every: number;
  /** Time limit of a check; then the read store counts as unavailable. */
  readonly limit: number;
  /** Maximum wait for a late response; after that its connection may be dead. */
  readonly abandon: number;
}

const TIMING: ReadStoreTiming = { every: 750, limit: 1_500, abandon: 6_000 };

export const READ_STORE_UNAVAILABLE = 'the read store does not answer';
const READ_STORE_UNUSABLE = 'the read store cannot be used: the log says why';
const READ_STORE_REPLACED = 'the read store was removed or replaced; it is being reopened';
const NOT_CHECKED = 'the read store was not checked yet';
const NO_PROJECTOR = 'no projector is running: the read models stand still';
/** Shown while the read store is unavailable: the read models cannot change. */
export const MODELS_WAIT = 'the read models stand still: the projector waits for the read store';

/** Describes an error of the read store for health, without address, user or path. */
export const readStoreSentence = (error: unknown): string =>
  error instanceof ReadStoreFull
    ? error.message
    : error instanceof ReadStoreReplaced
      ? READ_STORE_REPLACED
      : error instanceof ReadStoreUnavailable
        ? READ_STORE_UNAVAILABLE
        : READ_STORE_UNUSABLE;

/**
 * Periodically checks the read store and the projector that writes it; health returns the last result at once. Reopens a
 * read store that was removed or replaced.
 */
export class ReadStoreWatch {
  readonly #options: ReadStoreWatchOptions;
  readonly #timing: ReadStoreTiming;
  readonly #logger: ReadStoreWatchOptions['logger'];
  readonly #observer = new LeaseObserver();
  readonly #closing = new AbortController();
  readonly #checking: Promise<void>;
  readonly #pauses: (() => Promise<() => void>)[] = [];
  #readStore = NOT_CHECKED;
  #projector = MODELS_WAIT;
  #statuses: readonly ModelStatus[] = [];
  #checksWithoutLease = 0;
  #behind: ReadonlySet<string> = new Set();
  #catchingUp: readonly string[] = [];
  #checks = 0;

  /** Starts the checks at once. */
  constructor(options: ReadStoreWatchOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#logger = limitOutageWarnings(options.logger, 'read store');
    this.#checking = this.#checkPeriodically();
  }

  /** `ok`, or a sentence for the operator. */
  get readStore(): string {
    return this.#readStore;
  }

  /** `ok`, or why the read models do not advance. */
  get projector(): string {
    return this.#readStore === 'ok' ? this.#projector : MODELS_WAIT;
  }

  /** Status of the read models at the last check. */
  get statuses(): readonly ModelStatus[] {
    return this.#statuses;
  }

  /** Read models that were catching up at the last two checks. */
  get catchingUp(): readonly string[] {
    return this.#catchingUp;
  }

  /** Registers work that must pause while the read store is reopened. `pause` returns a function that resumes it. */
  beforeReopen(pause: () => Promise<() => void>): void {
    this.#pauses.push(pause);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#checking;
  }

  async #checkPeriodically(): Promise<void> {
    const { every, limit, abandon } = this.#timing;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const check = this.#check();
      if (!(await settlesWithin(untilAborted(check, signal), limit))) {
        this.#reportFailure(new ReadStoreUnavailable(`no response within ${limit} ms`));
        await settlesWithin(check, abandon - limit);
      }
      await pause(every, signal);
    }
  }

  /** Never rejects. */
  async #check(): Promise<void> {
    const { readStore } = this.#options;
    this.#checks += 1;
    const check = this.#checks;
    try {
      await readStore.ping();
      const [lease, statuses] = await Promise.all([
        readStore.currentLease(PROJECTOR_LEASE),
        readStore.statuses(),
      ]);
      // A check that timed out may end after the next one.
      if (check !== this.#checks) return;
      if (this.#readStore !== 'ok' && this.#readStore !== NOT_CHECKED)
        this.#logger.info('the read store is available again');
      this.#readStore = 'ok';
      this.#statuses = statuses;
      this.#recordCatchingUp(statuses);
      // After a release, another projector takes the lease before the next check.
      this.#checksWithoutLease = lease === undefined ? this.#checksWithoutLease + 1 : 0;
      const isAlive = this.#observer.isAlive(lease);
      const isHandedOver = this.#projector === 'ok' && this.#checksWithoutLease === 1;
      this.#projector = isAlive || isHandedOver ? 'ok' : NO_PROJECTOR;
    } catch (error) {
      if (check !== this.#checks) return;
      this.#reportFailure(error);
      if (error instanceof ReadStoreReplaced) await this.#reopen();
    }
  }

  #recordCatchingUp(statuses: readonly ModelStatus[]): void {
    const { models = [] } = this.#options;
    const known = new Map(statuses.map(({ name, status }) => [name, status]));
    const behind = [...new Set([...models, ...known.keys()])].filter(
      (name) => (known.get(name) ?? 'catching-up') === 'catching-up',
    );
    this.#catchingUp = behind.filter((name) => this.#behind.has(name));
    this.#behind = new Set(behind);
  }

  async #reopen(): Promise<void> {
    const resumes = await Promise.all(this.#pauses.map((pause) => pause()));
    try {
      await this.#options.readStore.reopen();
      this.#logger.info('the read store was reopened; the projector rebuilds missing read models');
    } catch (error) {
      this.#reportFailure(error);
    } finally {
      for (const resume of resumes) resume();
    }
  }

  #reportFailure(error: unknown): void {
    const sentence = readStoreSentence(error);
    if (sentence === READ_STORE_REPLACED && this.#readStore !== sentence)
      this.#options.logger.warn(`${(error as Error).message}; reopening it`);
    else this.#logger.warn('the read store is unavailable', { error: String(error) });
    this.#readStore = sentence;
    this.#projector = MODELS_WAIT;
  }
}
