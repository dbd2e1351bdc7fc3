import { LRUCache } from 'lru-cache';
import type { FoundJson } from '../read-store.ts';
import type { Row } from './database.ts';

const MAX_BYTES = 24 * 1024 * 1024;
/** Size of an entry, besides its key and value. */
const OVERHEAD_BYTES = 600;

/** Caches rows of several files until one of the files is written. */
export class RowCache {
  readonly #versions = new Map<string, string>();
  readonly #entries = new LRUCache<string, Row | FoundJson>({ maxSize: MAX_BYTES });

  /** Clears the cache if the file has another version than last time. Call it before reading entries of the file. */
  clearUnless(file: string, version: string): void {
    const known = this.#versions.get(file);
    if (known === version) return;
    this.#versions.set(file, version);
    // A projector writes to most files, so all entries are stale.
    if (known !== undefined) this.#entries.clear();
  }

  get(key: string): Row | FoundJson | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Row | FoundJson, bytes: number): void {
    this.#entries.set(key, value, { size: bytes + key.length + OVERHEAD_BYTES });
  }
}
