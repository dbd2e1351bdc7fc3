import { LRUCache } from 'lru-cache';
import { atMost } from '../platform/at-most.ts';
import { KEY_CACHE_MS, type PersonKey } from './key-store.ts';

const MAX_PERSONS = 10_000;

/** Keys of persons that were read less than `KEY_CACHE_MS` ago. */
export class PersonKeyCache {
  readonly #keys = new LRUCache<string, PersonKey>({
    ...atMost(MAX_PERSONS),
    ttl: KEY_CACHE_MS,
    ttlResolution: 0,
  });

  get(personId: string): PersonKey | undefined {
    return this.#keys.get(personId);
  }

  /** `readAt`: when the read began (`performance.now()`), since the key may be destroyed while a response is on its way. */
  set(personId: string, key: PersonKey, readAt: number): void {
    if (this.#keys.get(personId) === 'forgotten') return;
    this.#keys.set(personId, key, { start: readAt });
  }
}
