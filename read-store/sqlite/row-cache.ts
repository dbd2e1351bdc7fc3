import { LRUCache } from 'lru-cache';
import type { FoundJson } from '../read-store.ts';
import type { Row } from './database.ts';

const MOST_BYTES = 24 * 1024 * 1024;
/** Of an entry, beside its key and what it holds. */
const OVERHEAD_BYTES = 600;

/** What was read of some files, for as long as none of them is written to. */
export class RowCache {
  readonly #versions = new Map<string, string>();
  readonly #entries = new LRUCache<string, Row | FoundJson>({ maxSize: MOST_BYTES });

  /** To be asked before a file's entries are recalled: one that is of another version by now makes all be forgotten. */
  forgetUnless(file: string, version: string): void {
    const known = this.#versions.get(file);
    if (known === version) return;
    this.#versions.set(file, version);
    // Whoever writes writes into most files, and entries that no longer hold are not to wait for their turn to go.
    if (known !== undefined) this.#entries.clear();
  }

  recall(key: string): Row | FoundJson | undefined {
    return this.#entries.get(key);
  }

  keep(key: string, value: Row | FoundJson, bytes: number): void {
    this.#entries.set(key, value, { size: bytes + key.length + OVERHEAD_BYTES });
  }
}
