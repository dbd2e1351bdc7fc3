import type { KeyStore, SigningKey } from '../../../key-store/key-store.ts';
import { singleFlight } from '../../../platform/async/single-flight.ts';
import { ACCESS_SECONDS } from '../../../platform/http/tokens/session-token.ts';

const HOUR_MS = 3600 * 1000;
/** How long a key signs. */
export const KEY_LIFETIME_MS = 30 * 24 * HOUR_MS;
/** How long a key is published before it signs, so that everyone who caches the JWKS knows it by then. */
export const PUBLISHED_BEFORE_MS = HOUR_MS;
/** How long a key stays published after it has signed: until its last token has expired, and as a reserve for wrong clocks. */
export const PUBLISHED_AFTER_MS = ACCESS_SECONDS * 1000 + HOUR_MS;
/** Milliseconds for which the list of keys is used without reading it again. */
const RELOAD_AFTER_MS = 60_000;

type Keys = Pick<KeyStore, 'signingKeys' | 'addSigningKey' | 'retireSigningKey' | 'removeSigningKey'>;

/**
 * The keys that sign access tokens. The process that needs one rotates them when it is time: the next key is published an hour before it
 * signs, and the old one stays published until its last token has expired. So a rotation does not log any user out. Several processes
 * that rotate at the same time create one key, since keys are numbered.
 */
export class SigningKeys {
  readonly #store: Keys;
  readonly #clock: () => Date;
  readonly #load: () => Promise<void>;
  #keys: readonly SigningKey[] = [];
  #loadedAt = Number.NEGATIVE_INFINITY;

  constructor(store: Keys, clock: () => Date) {
    this.#store = store;
    this.#clock = clock;
    this.#load = singleFlight(() => this.#rotate());
  }

  /** Returns the key that signs now; creates the first one. */
  async current(): Promise<SigningKey> {
    const keys = await this.published();
    // After the first key was created, which is active from then on.
    const now = this.#clock().getTime();
    const newest = keys.findLast(({ activeFrom }) => Date.parse(activeFrom) <= now);
    if (newest === undefined) throw new TypeError('no signing key is active yet');
    return newest;
  }

  /** Returns the keys of the JWKS, oldest first. */
  async published(): Promise<readonly SigningKey[]> {
    if (Math.abs(this.#clock().getTime() - this.#loadedAt) >= RELOAD_AFTER_MS) await this.#load();
    return this.#keys;
  }

  async #rotate(): Promise<void> {
    const now = this.#clock().getTime();
    const newest = (await this.#store.signingKeys()).at(-1);
    if (newest === undefined) await this.#add(1, now, now);
    else if (now >= Date.parse(newest.activeFrom) + KEY_LIFETIME_MS - PUBLISHED_BEFORE_MS)
      await this.#add(newest.number + 1, now, now + PUBLISHED_BEFORE_MS);
    await this.#retire(now);
    this.#keys = await this.#store.signingKeys();
    this.#loadedAt = now;
  }

  /** Retires each key that has a successor, also after a crash between the two. */
  async #retire(now: number): Promise<void> {
    const keys = await this.#store.signingKeys();
    for (const [index, key] of keys.entries()) {
      const successor = keys[index + 1];
      if (isOver(key, now)) await this.#store.removeSigningKey(key.number);
      else if (successor !== undefined) await this.#store.retireSigningKey(key.number, successor.activeFrom);
    }
  }

  #add(number: number, createdAt: number, activeFrom: number): Promise<SigningKey> {
    return this.#store.addSigningKey({ number, createdAt: iso(createdAt), activeFrom: iso(activeFrom) });
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

const isOver = ({ retiredAt }: SigningKey, now: number): boolean =>
  retiredAt !== undefined && now >= Date.parse(retiredAt) + PUBLISHED_AFTER_MS;
