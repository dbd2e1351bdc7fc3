import type { KeyObject } from 'node:crypto';
import { pause } from '../../async/backoff.ts';
import { singleFlight } from '../../async/single-flight.ts';
import { Unavailable } from '../response/errors.ts';
import type { SessionKeys } from './session-token.ts';

export interface PublishedKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
}

/** Milliseconds between two loads: anyone can send tokens with unknown keys. */
const RELOAD_EVERY_MS = 1_000;

/**
 * Caches the public keys. Loads them when a token names one that is not known, at most once a second. `find` rejects with
 * `Unavailable` when they cannot be loaded.
 */
export function cacheSessionKeys(
  load: () => Promise<readonly PublishedKey[]>,
  reloadEveryMs = RELOAD_EVERY_MS,
): SessionKeys {
  const known = new Map<string, KeyObject>();
  let loadedAt = Number.NEGATIVE_INFINITY;
  const reload = singleFlight(async () => {
    await pause(Math.max(0, loadedAt + reloadEveryMs - performance.now()));
    loadedAt = performance.now();
    const keys = await load().catch(() => {
      throw new Unavailable('the keys of access tokens cannot be loaded');
    });
    for (const { kid, publicKey } of keys) known.set(kid, publicKey);
  });
  return { find: (kid) => known.get(kid) ?? reload().then(() => known.get(kid)) };
}
