import { randomUUID } from 'node:crypto';
import type { ModelStatus, ReadStore } from '../../read-store/read-store.ts';

/** A request to rebuild a read model, or for a dry run. It is open until it has an outcome. */
export interface RebuildRequest {
  readonly id: string;
  readonly dryRun: boolean;
  /** The client raises it at each look; a request whose beat stays the same is abandoned. */
  readonly beat?: number;
  /** Number of the generation that is built for it, once a projector has started. */
  readonly taken?: number;
  readonly outcome?: RebuildOutcome;
}

export type RebuildOutcome =
  | { readonly kind: 'switched'; readonly generation: number }
  | ({ readonly kind: 'compared' } & ComparisonResult)
  /** The read model cannot handle an event. The projector retries a rebuild; a dry run ends. */
  | { readonly kind: 'stopped'; readonly error: NonNullable<ModelStatus['error']> }
  /** A dry run was requested while a rebuild is running. */
  | { readonly kind: 'refused' }
  /** The client withdrew it before a projector started. */
  | { readonly kind: 'withdrawn' };

/** Result of a dry run. */
export interface ComparisonResult {
  /** Documents of the live generation. */
  readonly documents: number;
  readonly rebuiltDocuments: number;
  readonly differing: number;
  /** Descriptions of the first ones. */
  readonly differences: readonly { readonly id: string; readonly difference: string }[];
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

const KEY = 'rebuilds';

/** The latest request for each read model, in metadata of the read store, which clients and the projector share. */
export class RebuildRequests {
  readonly #readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata'>;

  constructor(readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata'>) {
    this.#readStore = readStore;
  }

  async all(): Promise<Requests> {
    return (await this.#read()).requests;
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
        if (request?.id === id && request.outcome === undefined)
          renewed[model] = { ...request, beat: (request.beat ?? 0) + 1 };
      }
      return renewed;
    });
  }

  /** Records that the projector builds the generation of this number for a request. */
  recordStart(model: string, id: string, generation: number): Promise<Requests> {
    return this.#update(model, id, (request) => ({ ...request, taken: generation }));
  }

  end(model: string, id: string, outcome: RebuildOutcome): Promise<Requests> {
    return this.#update(model, id, (request) => ({ ...request, outcome }));
  }

  /** Withdraws a request unless a projector has started. Returns the request as it is afterwards. */
  async withdraw(model: string, id: string): Promise<RebuildRequest | undefined> {
    const withdrawn = (request: RebuildRequest): RebuildRequest =>
      request.taken === undefined ? { ...request, outcome: { kind: 'withdrawn' } } : request;
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
