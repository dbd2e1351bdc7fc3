import { pause } from '../platform/async/backoff.ts';
import { settlesWithin } from '../platform/async/timeout.ts';
import { untilAborted } from '../platform/async/until-aborted.ts';
import { foldOutages } from '../platform/logging/folded-logger.ts';
import { ReadStoreFull, ReadStoreReplaced, ReadStoreUnavailable } from './errors.ts';
import { LeaseObserver, PROJECTOR_LEASE } from './projector-lease.ts';
import type { ModelStatus, ReadStore } from './read-store.ts';

type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

export interface ReadStoreWatchOptions {
  readonly readStore: Pick<ReadStore, 'ping' | 'reopen' | 'currentLease' | 'statuses'>;
  readonly logger: { readonly info: Log; readonly warn: Log; readonly error: Log };
  /** Required models; one without a status counts as being built. */
  readonly models?: readonly string[];
  /** In milliseconds. */
  readonly timing?: Partial<ReadStoreTiming>;
}

export interface ReadStoreTiming {
  /** Interval of the looks. */
  readonly every: number;
  /** Time limit of a look; then the read store counts as unavailable. */
  readonly limit: number;
  /** Maximum wait for a late answer; after that its connection may be dead. */
  readonly abandon: number;
}

const TIMING: ReadStoreTiming = { every: 750, limit: 1_500, abandon: 6_000 };

export const READ_STORE_UNAVAILABLE = 'the read store does not answer';
const READ_STORE_UNUSABLE = 'the read store cannot be used: the log says why';
const READ_STORE_REPLACED = 'the read store was removed or replaced; it is being reopened';
const NOT_ASKED_YET = 'the read store was not asked yet';
const NO_PROJECTOR = 'no projector is running: the read models stand still';
/** The read models cannot change while the read store is unavailable. */
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
 * Checks the read store and the projector that writes it, one look at a time; health returns the last result at once.
 * Reopens a read store that was removed or replaced.
 */
export class ReadStoreWatch {
  readonly #options: ReadStoreWatchOptions;
  readonly #timing: ReadStoreTiming;
  readonly #logger: ReadStoreWatchOptions['logger'];
  readonly #observer = new LeaseObserver();
  readonly #closing = new AbortController();
  readonly #looking: Promise<void>;
  readonly #standStills: (() => Promise<() => void>)[] = [];
  #readStore = NOT_ASKED_YET;
  #projector = MODELS_WAIT;
  #statuses: readonly ModelStatus[] = [];
  #looksWithoutLease = 0;
  #behind: ReadonlySet<string> = new Set();
  #catchingUp: readonly string[] = [];
  #looks = 0;

  /** Starts the looks at once. */
  constructor(options: ReadStoreWatchOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#logger = foldOutages(options.logger, 'read store');
    this.#looking = this.#lookForEver();
  }

  /** `ok`, or a sentence for an operator. */
  get readStore(): string {
    return this.#readStore;
  }

  /** `ok`, or why the read models do not advance. */
  get projector(): string {
    return this.#readStore === 'ok' ? this.#projector : MODELS_WAIT;
  }

  /** Status of the models at the last look. */
  get statuses(): readonly ModelStatus[] {
    return this.#statuses;
  }

  /** Models that were catching up at the last two looks. */
  get catchingUp(): readonly string[] {
    return this.#catchingUp;
  }

  /** Registers work that must end before the read store is reopened. `standStill` returns a function that resumes it. */
  beforeReopen(standStill: () => Promise<() => void>): void {
    this.#standStills.push(standStill);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
  }

  async #lookForEver(): Promise<void> {
    const { every, limit, abandon } = this.#timing;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const look = this.#look();
      if (!(await settlesWithin(untilAborted(look, signal), limit))) {
        this.#fails(new ReadStoreUnavailable(`no answer within ${limit} ms`));
        await settlesWithin(look, abandon - limit);
      }
      await pause(every, signal);
    }
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const { readStore } = this.#options;
    this.#looks += 1;
    const look = this.#looks;
    try {
      await readStore.ping();
      const [lease, statuses] = await Promise.all([
        readStore.currentLease(PROJECTOR_LEASE),
        readStore.statuses(),
      ]);
      // A look that timed out may end after the next one.
      if (look !== this.#looks) return;
      if (this.#readStore !== 'ok' && this.#readStore !== NOT_ASKED_YET)
        this.#logger.info('the read store answers again');
      this.#readStore = 'ok';
      this.#statuses = statuses;
      this.#noteBehind(statuses);
      // Another projector takes a released lease before the next look.
      this.#looksWithoutLease = lease === undefined ? this.#looksWithoutLease + 1 : 0;
      const isAlive = this.#observer.isAlive(lease);
      const isHandedOver = this.#projector === 'ok' && this.#looksWithoutLease === 1;
      this.#projector = isAlive || isHandedOver ? 'ok' : NO_PROJECTOR;
    } catch (error) {
      if (look !== this.#looks) return;
      this.#fails(error);
      if (error instanceof ReadStoreReplaced) await this.#reopen();
    }
  }

  #noteBehind(statuses: readonly ModelStatus[]): void {
    const { models = [] } = this.#options;
    const known = new Map(statuses.map(({ name, status }) => [name, status]));
    const behind = [...new Set([...models, ...known.keys()])].filter(
      (name) => (known.get(name) ?? 'catching-up') === 'catching-up',
    );
    this.#catchingUp = behind.filter((name) => this.#behind.has(name));
    this.#behind = new Set(behind);
  }

  async #reopen(): Promise<void> {
    const goOns = await Promise.all(this.#standStills.map((standStill) => standStill()));
    try {
      await this.#options.readStore.reopen();
      this.#logger.info('the read store was reopened; the projector rebuilds missing read models');
    } catch (error) {
      this.#fails(error);
    } finally {
      for (const goOn of goOns) goOn();
    }
  }

  #fails(error: unknown): void {
    const sentence = readStoreSentence(error);
    if (sentence === READ_STORE_REPLACED && this.#readStore !== sentence)
      this.#options.logger.warn(`${(error as Error).message}; reopening it`);
    else this.#logger.warn('the read store is unavailable', { error: String(error) });
    this.#readStore = sentence;
    this.#projector = MODELS_WAIT;
  }
}
