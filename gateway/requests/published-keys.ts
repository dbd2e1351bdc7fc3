import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { singleFlight } from '../../platform/async/single-flight.ts';
import type { SessionKeys } from '../../platform/http/tokens/session-token.ts';
import type { Upstream } from '../upstream/upstream.ts';

const JWKS = '/.well-known/jwks.json';
const WITHIN_MS = 2_000;
/** Invented key ids must not cause a request each. */
const LOAD_AGAIN_AFTER_MS = 5_000;

interface KeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
}

/** The keys of session tokens, as the command API publishes them. An unknown key id loads them again, at most every 5 s. */
export class PublishedKeys implements SessionKeys {
  readonly #command: Pick<Upstream, 'url'>;
  #keys: ReadonlyMap<string, KeyObject> = new Map();
  #loadedAt = Number.NEGATIVE_INFINITY;

  constructor(command: Pick<Upstream, 'url'>) {
    this.#command = command;
  }

  find(kid: string): KeyObject | undefined | Promise<KeyObject | undefined> {
    const known = this.#keys.get(kid);
    if (known !== undefined || performance.now() - this.#loadedAt < LOAD_AGAIN_AFTER_MS) return known;
    return this.#load().then(() => this.#keys.get(kid));
  }

  /** Keeps the earlier keys when the command API does not answer: it has not withdrawn them. */
  readonly #load = singleFlight(async () => {
    try {
      const answer = await fetch(new URL(JWKS, this.#command.url), {
        signal: AbortSignal.timeout(WITHIN_MS),
      });
      const { keys } = (await answer.json()) as KeySet;
      this.#keys = new Map(
        keys.map((key) => [String(key.kid), createPublicKey({ key: { ...key }, format: 'jwk' })]),
      );
    } catch {
      // The request goes on without an identity; the API checks its token.
    }
    this.#loadedAt = performance.now();
  });
}
