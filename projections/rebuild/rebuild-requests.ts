import { randomUUID } from 'node:crypto';
import type { RebuildEvent } from '../../domain/rebuild/events.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { EndedRebuilds } from './ended-rebuilds.ts';
import type { RebuildOutcome } from './rebuild-outcome.ts';

/** A request to rebuild a read model, or for a dry run. It is open until it has an outcome. */
export interface RebuildRequest {
  readonly id: string;
  readonly dryRun: boolean;
  /**
   * The command line raises it at each look; a request whose beat stays the same is abandoned. Absent once the request was
   * made through the command API, whose client need not wait.
   */
  readonly beat?: number;
  /** Ids of the rebuilds that were requested through the command API. */
  readonly rebuildIds?: readonly string[];
  /** Number of the generation that is built for it, once a projector has started. */
  readonly taken?: number;
  readonly outcome?: RebuildOutcome;
}

/** A rebuild was requested while a dry run is running, or the other way round. */
export class RebuildInProgress extends Error {
  override readonly name = 'RebuildInProgress';
  readonly model: string;
  readonly existing: RebuildRequest;

  constructor(model: string, existing: RebuildRequest) {
    super(
      `${existing.dryRun ? 'a dry run' : 'a rebuild'} of ${model} is already running: wait until it has ended`,
    );
    this.model = model;
    this.existing = existing;
  }
}

type Requests = Readonly<Record<string, RebuildRequest>>;
/** A rebuild that runs or has ended. */
type FoundRebuild = Pick<RebuildRequest, 'dryRun' | 'taken' | 'outcome'> & { readonly model: string };
type RequestedRebuild = Pick<RebuildEvent['data'], 'rebuildId' | 'model' | 'dryRun'>;

const KEY = 'rebuilds';

/** The latest request for each read model, in metadata of the read store, which clients and the projector share. */
export class RebuildRequests {
  readonly #readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata'>;
  readonly #ended: EndedRebuilds;

  constructor(readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata'>) {
    this.#readStore = readStore;
    this.#ended = new EndedRebuilds(readStore);
  }

  async all(): Promise<Requests> {
    return (await this.#read()).requests;
  }

  /**
   * Makes or joins the request for a rebuild that was requested through the command API. A repeated call changes nothing.
   * A dry run while a rebuild is running, or the other way round, ends as `refused`.
   */
  async makeFor({ rebuildId, model, dryRun }: RequestedRebuild): Promise<void> {
    if ((await this.find(rebuildId)) !== undefined) return;
    const all = await this.#change((requests) => {
      const existing = requests[model];
      if (existing === undefined || existing.outcome !== undefined)
        return { ...requests, [model]: { id: rebuildId, dryRun, rebuildIds: [rebuildId] } };
      if (existing.dryRun !== dryRun) return requests;
      const { beat: _, rebuildIds = [], ...joined } = existing;
      return { ...requests, [model]: { ...joined, rebuildIds: [...rebuildIds, rebuildId] } };
    });
    if (all[model]?.rebuildIds?.includes(rebuildId)) return;
    await this.#ended.add({ model, dryRun, rebuildIds: [rebuildId], outcome: { kind: 'refused' } });
  }

  /** Returns a rebuild that was requested through the command API; undefined before `makeFor`, and long after its end. */
  async find(rebuildId: string): Promise<FoundRebuild | undefined> {
    for (const [model, request] of Object.entries(await this.all()))
      if (request.rebuildIds?.includes(rebuildId)) return { ...request, model };
    return this.#ended.find(rebuildId);
  }

  /**
   * Requests rebuilds of models; joins existing requests. Replaces a request of the other kind only if it is `abandoned` and
   * unchanged. Throws `RebuildInProgress`.
   */
  async make(
    models: readonly string[],
    dryRun: boolean,
    abandoned: readonly RebuildRequest[] = [],
  ): Promise<Requests> {
    const all = await this.#change((requests) => {
      const made: Record<string, RebuildRequest> = { ...requests };
      for (const model of models) {
        const existing = requests[model];
        const isAbandoned =
          existing?.dryRun !== dryRun &&
          existing?.beat !== undefined &&
          abandoned.some(({ id, beat }) => id === existing?.id && beat === existing.beat);
        if (existing === undefined || existing.outcome !== undefined || isAbandoned)
          made[model] = { id: randomUUID(), dryRun, beat: 0 };
        else if (existing.dryRun !== dryRun) throw new RebuildInProgress(model, existing);
      }
      return made;
    });
    return Object.fromEntries(Object.entries(all).filter(([model]) => models.includes(model)));
  }

  /** Renews requests, to show that their client still waits. */
  renew(ids: ReadonlyMap<string, Pick<RebuildRequest, 'id'>>): Promise<Requests> {
    return this.#change((requests) => {
      const renewed = { ...requests };
      for (const [model, { id }] of ids) {
        const request = requests[model];
        if (request?.id === id && request.outcome === undefined && request.beat !== undefined)
          renewed[model] = { ...request, beat: request.beat + 1 };
      }
      return renewed;
    });
  }

  /** Records that the projector builds the generation of this number for a request. */
  recordStart(model: string, id: string, generation: number): Promise<Requests> {
    return this.#update(model, id, (request) => ({ ...request, taken: generation }));
  }

  async end(model: string, id: string, outcome: RebuildOutcome): Promise<Requests> {
    const request = (await this.all())[model];
    // Before the request shows its outcome, since another request may replace it then.
    if (request?.id === id && request.rebuildIds !== undefined)
      await this.#ended.add({ ...request, rebuildIds: request.rebuildIds, model, outcome });
    return this.#update(model, id, (request) => ({ ...request, outcome }));
  }

  /** Withdraws a request unless a projector has started, or the command API has joined it. Returns the request as it is afterwards. */
  async withdraw(model: string, id: string): Promise<RebuildRequest | undefined> {
    const withdrawn = (request: RebuildRequest): RebuildRequest =>
      request.taken === undefined && request.rebuildIds === undefined
        ? { ...request, outcome: { kind: 'withdrawn' } }
        : request;
    return (await this.#update(model, id, withdrawn))[model];
  }

  /** Updates a request; does nothing if it has ended or was replaced. */
  #update(model: string, id: string, update: (request: RebuildRequest) => RebuildRequest): Promise<Requests> {
    return this.#change((requests) => {
      const request = requests[model];
      if (request === undefined || request.id !== id || request.outcome !== undefined) return requests;
      return { ...requests, [model]: update(request) };
    });
  }

  async #change(change: (requests: Requests) => Requests): Promise<Requests> {
    for (;;) {
      const { requests, revision } = await this.#read();
      const changed = change(requests);
      if (changed === requests || (await this.#readStore.replaceMetadata(KEY, changed, revision)))
        return changed;
    }
  }

  async #read(): Promise<{ readonly requests: Requests; readonly revision: number }> {
    const stored = await this.#readStore.metadata(KEY);
    return { requests: (stored?.body as Requests | undefined) ?? {}, revision: stored?.revision ?? 0 };
  }
}
