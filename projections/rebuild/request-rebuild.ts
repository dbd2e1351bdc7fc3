import { pause } from '../../platform/async/backoff.ts';
import { ReadStoreUnavailable } from '../../read-store/errors.ts';
import { LeaseObserver, PROJECTOR_LEASE } from '../../read-store/projector-lease.ts';
import type { ReadStore, RebuildProgress } from '../../read-store/read-store.ts';
import type { RebuildOutcome } from './rebuild-outcome.ts';
import { RebuildInProgress, type RebuildRequest, RebuildRequests } from './rebuild-requests.ts';

/** No projector rebuilds the read models; the message is one sentence for the user. */
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
  /** Called at each poll while a store is unavailable. */
  readonly onWaiting?: (reason: string) => void;
  readonly onProgress: (model: string, progress: RebuildProgress) => void;
  readonly onOutcome: (model: string, outcome: RebuildOutcome) => void;
}

const POLL_MS = 200;
const RENEW_MS = 1_000;
/** Milliseconds without a renewal until a request counts as abandoned. */
const ABANDONED_MS = 4_000;
const UNAVAILABLE_MS = 120_000;
const NOT_TAKEN = 'the running projector does not start the rebuild: check that it has the same version';
const NO_PROJECTOR =
  'no projector is running: start one with "orderstream start", or "orderstream start projections"';

/**
 * Requests rebuilds from the running projector and waits until all have an outcome. Throws `RebuildFailed` when no projector
 * does it, `RebuildInProgress`, and `ReadStoreUnavailable` when the read store stays unavailable.
 */
export async function rebuild(options: RebuildOptions): Promise<void> {
  const { readStore, models, dryRun, patience, onOutcome, onWaiting = () => {} } = options;
  const { unavailable = UNAVAILABLE_MS } = patience;
  const requests = new RebuildRequests(readStore);
  const open = new Map(Object.entries(await makeOrReplace(requests, models, dryRun)));
  let renewedAt = performance.now();
  const observer = new LeaseObserver();
  let lastProgressAt = performance.now();
  let storesAvailableAt = lastProgressAt;
  while (open.size > 0) {
    const status = await pollStatus(requests, options, observer).catch((error: unknown) => {
      if (!(error instanceof ReadStoreUnavailable) || performance.now() - storesAvailableAt > unavailable)
        throw error;
      onWaiting(error.message);
    });
    for (const [model, { id }] of status === undefined ? [] : [...open]) {
      const request = status?.requests[model];
      if (request?.id === id && request.outcome === undefined) open.set(model, request);
      else open.delete(model);
      if (request?.id === id && request.outcome !== undefined) onOutcome(model, request.outcome);
    }
    const isProjectorAlive = status?.isProjectorAlive === true;
    const trouble = isProjectorAlive ? options.eventStoreTrouble?.() : undefined;
    if (status !== undefined && trouble === undefined) storesAvailableAt = performance.now();
    if (trouble !== undefined && open.size > 0) {
      onWaiting(trouble);
      if (performance.now() - storesAvailableAt > unavailable) throw await withdrawn(requests, open, trouble);
    }
    const isProgressing = isProjectorAlive && [...open.values()].every(({ taken }) => taken !== undefined);
    const limit = isProjectorAlive ? patience.untilTaken : patience.withoutProjector;
    if (isProgressing || status === undefined || trouble !== undefined) lastProgressAt = performance.now();
    else if (open.size > 0 && performance.now() - lastProgressAt > limit)
      throw await withdrawn(requests, open, isProjectorAlive ? NOT_TAKEN : NO_PROJECTOR);
    if (open.size > 0) await pause(POLL_MS);
    if (performance.now() - renewedAt < RENEW_MS) continue;
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
      const { model, existing } = error;
      if (existing.beat === undefined) throw error;
      await pause(ABANDONED_MS);
      const now = (await requests.all())[model];
      if (now?.id === existing.id && now.beat !== existing.beat && now.outcome === undefined) throw error;
      abandoned.push(existing);
    }
  }
}

async function pollStatus(
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
  return { requests: all, isProjectorAlive: observer.isAlive(lease) };
}

/** Withdraws requests that no projector has started, so that they do not start unexpectedly later. */
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
