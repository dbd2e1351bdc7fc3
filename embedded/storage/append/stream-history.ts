import { isSoftDeleted } from '../stream-metadata.ts';
import { metastreamOf } from '../stream-name.ts';
import type { StreamState, Streams } from '../tables/streams.ts';
import type { Tables } from '../tables/tables.ts';
import { uuidToBytes } from '../uuid.ts';
import type { StreamHistory } from './append-rules.ts';
import type { RecentIds } from './recent-ids.ts';

/** Reads the history of one stream from the tables, only as far as the append rules need it. */
export class StoredStreamHistory implements StreamHistory {
  readonly #tables: Tables;
  readonly #streams: Streams;
  readonly #recent: RecentIds;
  readonly #name: string;
  readonly #state: StreamState | undefined;

  constructor(tables: Tables, streams: Streams, recent: RecentIds, name: string) {
    this.#tables = tables;
    this.#streams = streams;
    this.#recent = recent;
    this.#name = name;
    this.#state = streams.find(name);
  }

  get head(): number {
    return this.#state?.head ?? -1;
  }

  get softDeleted(): boolean {
    return isSoftDeleted(this.#streams.limits(this.#name));
  }

  hasMetadata(): boolean {
    return this.#streams.head(metastreamOf(this.#name)) >= 0;
  }

  findRecent(id: string): number | undefined {
    if (this.#state === undefined) return undefined;
    const position = this.#recent.find(this.#state.id, uuidToBytes(id));
    const found = position === undefined ? undefined : this.#tables.locate(position);
    return found?.stream === this.#state.id && found.id === id ? found.revision : undefined;
  }

  idAt(revision: number): string | undefined {
    return this.#state && this.#tables.event(this.#state.id, revision)?.id;
  }
}
