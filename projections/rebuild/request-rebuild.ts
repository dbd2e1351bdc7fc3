import { pause } from '../../platform/async/backoff.ts';
import { ReadStoreUnavailable } from '../../read-store/errors.ts';
import { LeaseObserver, PROJECTOR_LEASE } from '../../read-store/projector-lease.ts';
import type { ReadStore, RebuildProgress } from '../../read-store/read-store.ts';
import {
  RebuildInProgress,
  type RebuildOutcome,
  type RebuildRequest,
  RebuildRequests,
} from './rebuild-requests.ts';

/** Nobody does what was asked for; the message is one sentence for whoever asked. */
export class RebuildFailed extends Error {
  override readonly name = 'RebuildFailed';
}

export interface RebuildOptions {
  readonly readStore: ReadStore;
  readonly models: readonly string[];
  readonly dryRun: boolean;
  /**
   * Maximum milliseconds without a projector, without progress of a request, and with an unavailable store; two minutes.
   */
  readonly patience: {
    readonly withoutProjector: number;
    readonly untilTaken: number;
    readonly unavailable?: number;
  };
  /** Returns what is wrong with the event store; undefined when it is available. */
  readonly eventStoreTrouble?: () => string | undefined;
  /** Called at each look while a store is unavailable. */
  readonly onWaiting?: (reason: string) => void;
  readonly onProgress: (model: string, progress: RebuildProgress) => void;
  readonly onOutcome: (model: string, outcome: RebuildOutcome) => void;
}

const LOOK_EVERY_MS = 200;
const RENEW_EVERY_MS = 1_000;
/** Milliseconds without a renewal until a request counts as abandoned. */
const ABANDONED_MS = 4_000;
const UNAVAILABLE_MS = 120_000;
const NOT_TAKEN = 'the running projector does not start the rebuild: check that it has the same version';
const NO_PROJECTOR =
  'no projector is running: start one with "orderstream start", or "orderstream start projections"';

/**
 * Asks the projector at work to rebuild models, and resolves when it has done so with all of them, or given up. Throws
 * `RebuildFailed` when there is no projector, `RebuildInProgress`, and `ReadStoreUnavailable` when that lasts.
 */
export async function rebuild(options: RebuildOptions): Promise<void> {
  const { readStore, models, dryRun, patience, onOutcome, onWaiting = () => {} } = options;
  const { unavailable = UNAVAILABLE_MS } = patience;
  const requests = new RebuildRequests(readStore);
  const open = new Map(Object.entries(await makeOrReplace(requests, models, dryRun)));
  let renewedAt = performance.now();
  const observer = new LeaseObserver();
  let wasWellAt = performance.now();
  let hadStoresAt = wasWellAt;
  while (open.size > 0) {
    const look = await lookAt(requests, options, observer).catch((error: unknown) => {
      if (!(error instanceof ReadStoreUnavailable) || performance.now() - hadStoresAt > unavailable)
        throw error;
      onWaiting(error.message);
    });
    for (const [model, { id }] of look === undefined ? [] : [...open]) {
      const request = look?.requests[model];
      if (request?.id === id && request.outcome === undefined) open.set(model, request);
      else open.delete(model);
      if (request?.id === id && request.outcome !== undefined) onOutcome(model, request.outcome);
    }
    const isThere = look?.isProjectorThere === true;
    const trouble = isThere ? options.eventStoreTrouble?.() : undefined;
    if (look !== undefined && trouble === undefined) hadStoresAt = performance.now();
    if (trouble !== undefined && open.size > 0) {
      onWaiting(trouble);
      if (performance.now() - hadStoresAt > unavailable) throw await withdrawn(requests, open, trouble);
    }
    const isWell = isThere && [...open.values()].every(({ taken }) => taken !== undefined);
    const limit = isThere ? patience.untilTaken : patience.withoutProjector;
    if (isWell || look === undefined || trouble !== undefined) wasWellAt = performance.now();
    else if (open.size > 0 && performance.now() - wasWellAt > limit)
      throw await withdrawn(requests, open, isThere ? NOT_TAKEN : NO_PROJECTOR);
    if (open.size > 0) await pause(LOOK_EVERY_MS);
    if (performance.now() - renewedAt < RENEW_EVERY_MS) continue;
    renewedAt = performance.now();
    // While the read store is unavailable, no other client can replace the requests either.
    await requests.renew(open).catch(() => {});
  }
}

/** Like `make`, but replaces abandoned requests of the other kind. Throws `RebuildInProgress` for one that is not abandoned. */
async function makeOrReplace(requests: RebuildRequests, models: readonly string[], dryRun: boolean) {
  const abandoned: RebuildRequest[] = [];
  for (;;) {
    try {
      return await requests.make(models, dryRun, abandoned);
    } catch (error) {
      if (!(error instanceof RebuildInProgress)) throw error;
      const { model, standing } = error;
      await pause(ABANDONED_MS);
      const now = (await requests.all())[model];
      if (now?.id === standing.id && now.beat !== standing.beat && now.outcome === undefined) throw error;
      abandoned.push(standing);
    }
  }
}

async function lookAt(
  requests: RebuildRequests,
  { readStore, models, onProgress }: RebuildOptions,
  observer: LeaseObserver,
) {
  const [all, statuses, lease] = await Promise.all([
    requests.all(),
    readStore.statuses(),
    readStore.currentLease(PROJECTOR_LEASE),
  ]);
  for (const { name, rebuild: progress } of statuses)
    if (progress !== undefined && models.includes(name)) onProgress(name, progress);
  return { requests: all, isProjectorThere: observer.isAlive(lease) };
}

/** Takes back what nobody has taken up, so that it does not come as a surprise later. */
async function withdrawn(
  requests: RebuildRequests,
  open: ReadonlyMap<string, RebuildRequest>,
  why: string,
): Promise<RebuildFailed> {
  const begun: string[] = [];
  for (const [model, { id }] of open)
    if ((await requests.withdraw(model, id))?.taken !== undefined) begun.push(model);
  if (begun.length === 0) return new RebuildFailed(`${why}; nothing was rebuilt`);
  return new RebuildFailed(
    `${why}; the rebuild of ${begun.join(', ')} continues ${
      why === NO_PROJECTOR ? 'when one runs again' : 'when this is corrected'
    }`,
  );
}
