import { CallerQuota } from '../../platform/http/limits/caller-quota.ts';
import { Overloaded } from '../../platform/http/response/errors.ts';
import type { Caller, RouteRequest } from '../../platform/http/route.ts';
import type { Projection } from '../../projections/projection.ts';
import type { Documents, ModelDeclaration, ReadStore } from '../../read-store/read-store.ts';
import { DEFAULT_WAIT_MS } from '../requests/parameters.ts';
import type { ChangeFeed } from './change-feed.ts';

/** The read model did not pass the requested position within the requested wait. */
export class ReadModelBehind extends Error {
  override readonly name = 'ReadModelBehind';
  readonly model: string;
  readonly wanted: bigint;

  constructor(model: string, wanted: bigint, waitedMs: number) {
    super(`${model} has not passed position ${wanted} within ${waitedMs} ms`);
    this.model = model;
    this.wanted = wanted;
  }
}

/**
 * Maximum number of requests that wait for a position: fewer than the query API processes concurrently, so that other
 * queries are served while the projector is behind.
 */
export const MAX_WAITING = 800;
/** Maximum for one caller, so that other callers can wait too. */
const MAX_WAITING_OF_CALLER = 400;

/** The part of a request that says how fresh the response must be. */
export type FreshnessRequest = Pick<
  RouteRequest<undefined, undefined, undefined>,
  'signal' | 'lastWrite' | 'markBehind'
> & {
  readonly caller: Caller | undefined;
  readonly query: { readonly minPosition?: bigint | undefined; readonly wait?: number | undefined };
  readonly headers: { readonly 'orderstream-min-position'?: bigint | undefined };
};

/** Maximum milliseconds that a query waits for the last write of its session. */
const LAST_WRITE_WAIT_MS = 2_000;

/**
 * Opens read models for requests, after waiting for the position that a request names, or that its session has written last
 * (read your writes).
 */
export class FreshReads {
  readonly readStore: ReadStore;
  readonly #feed: Pick<ChangeFeed, 'waitFor' | 'position'>;
  readonly #waiting = new CallerQuota({ max: MAX_WAITING, maxPerCaller: MAX_WAITING_OF_CALLER });

  constructor(readStore: ReadStore, feed: Pick<ChangeFeed, 'waitFor' | 'position'>) {
    this.readStore = readStore;
    this.#feed = feed;
  }

  /** Returns the live generation of a model, to be used for the whole request. Throws `ReadModelBehind` or `Overloaded`. */
  async documents<Body>(model: Projection<Body>, request: FreshnessRequest): Promise<Documents<Body>> {
    const wanted = wantedBy(request);
    const { lastWrite } = request;
    if (wanted === undefined && lastWrite === undefined) return this.readStore.liveShared<Body>(model);
    if (wanted !== undefined) await this.#reach(wanted, model, request);
    if (lastWrite !== undefined) await this.#tryToReach(lastWrite, model, request);
    return this.readStore.live<Body>(model);
  }

  /** Waits until the model has passed the position that the request names, if it names one. Throws `ReadModelBehind` or `Overloaded`. */
  async caughtUp(model: ModelDeclaration, request: FreshnessRequest): Promise<void> {
    const wanted = wantedBy(request);
    if (wanted !== undefined) await this.#reach(wanted, model, request);
  }

  async #reach(wanted: bigint, model: ModelDeclaration, request: FreshnessRequest): Promise<void> {
    const waitMs = request.query.wait ?? DEFAULT_WAIT_MS;
    const reached = await this.#wait(wanted, model, request, waitMs);
    if (reached === undefined) throw new Overloaded();
    if (!reached) throw new ReadModelBehind(model.name, wanted, waitMs);
  }

  /** The client did not ask for this wait: it gets a response also without it. */
  async #tryToReach(lastWrite: bigint, model: ModelDeclaration, request: FreshnessRequest): Promise<void> {
    if (!(await this.#wait(lastWrite, model, request, LAST_WRITE_WAIT_MS))) request.markBehind();
  }

  /** Returns whether the model has passed the position in time; undefined when too many requests wait already. */
  async #wait(
    wanted: bigint,
    model: ModelDeclaration,
    request: FreshnessRequest,
    waitMs: number,
  ): Promise<boolean | undefined> {
    const reachedBefore = this.#feed.position(model.name);
    if (reachedBefore !== undefined && reachedBefore >= wanted) return true;
    // All clients without a token count as one.
    const sub = request.caller?.sub ?? '';
    if (this.#waiting.enter(sub) !== undefined) return undefined;
    return this.#feed.waitFor(model, wanted, waitMs, request.signal).finally(() => this.#waiting.leave(sub));
  }
}

/** Reads only these two values: others, such as `signal`, are created when they are first read. */
const wantedBy = ({ query, headers }: FreshnessRequest): bigint | undefined =>
  later(query.minPosition, headers['orderstream-min-position']);

function later(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
