import type { ReadStore } from '../../read-store/read-store.ts';
import type { RebuildOutcome } from './rebuild-outcome.ts';

/** A rebuild that has ended, and the ids under which it was requested through the command API. */
export interface EndedRebuild {
  readonly model: string;
  readonly dryRun: boolean;
  readonly rebuildIds: readonly string[];
  readonly outcome: RebuildOutcome;
}

const KEY = 'ended-rebuilds';
/** Number of rebuilds that are kept. */
const KEPT = 100;

/** The outcomes of the last rebuilds that were requested through the command API, in metadata of the read store. */
export class EndedRebuilds {
  readonly #readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata'>;

  constructor(readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata'>) {
    this.#readStore = readStore;
  }

  /** Adds a rebuild, unless it is there. */
  async add({ model, dryRun, rebuildIds, outcome }: EndedRebuild): Promise<void> {
    for (;;) {
      const { items, revision } = await this.#read();
      if (items.some((item) => item.rebuildIds.some((id) => rebuildIds.includes(id)))) return;
      const kept = [...items, { model, dryRun, rebuildIds, outcome }].slice(-KEPT);
      if (await this.#readStore.replaceMetadata(KEY, kept, revision)) return;
    }
  }

  async find(rebuildId: string): Promise<EndedRebuild | undefined> {
    return (await this.#read()).items.find(({ rebuildIds }) => rebuildIds.includes(rebuildId));
  }

  async #read(): Promise<{ readonly items: readonly EndedRebuild[]; readonly revision: number }> {
    const stored = await this.#readStore.metadata(KEY);
    return { items: (stored?.body as EndedRebuild[] | undefined) ?? [], revision: stored?.revision ?? 0 };
  }
}
