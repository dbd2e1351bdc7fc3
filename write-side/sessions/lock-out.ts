import { LRUCache } from 'lru-cache';
import { atMost } from '../../platform/at-most.ts';
import { FailureLimit } from '../../platform/http/limits/failure-limit.ts';
import { networkOf } from '../../platform/http/limits/network-of.ts';

/** Who tries to log in to which account. */
export interface LogInAttempt {
  /** Keyed hash of the e-mail address. */
  readonly emailHash: string;
  /** IP address of the client. */
  readonly clientAddress: string;
  /** Id of a device that has logged in to this account before. */
  readonly knownDevice?: string | undefined;
}

/** How an attempt ended. `not-checked`: the password was not compared, so that it was no guess. */
export type Outcome = 'right' | 'wrong' | 'not-checked';

const PERIOD_SECONDS = 15 * 60;
const PER_ACCOUNT = 10;
const PER_SOURCE = 60;
/** Maximum number of known pairs of an account and a source. */
const MAX_KNOWN = 100_000;

/**
 * Slows down guesses: at most 10 wrong passwords for an address, and 60 from a source, in 15 minutes. Addresses count whether they
 * have an account or not. Guesses cannot lock out the owner of an account: a device, or a source, that has logged in to it
 * before has 10 attempts of its own (OWASP, Authentication Cheat Sheet: device cookies).
 */
export class LockOut {
  readonly #perAccount = new FailureLimit({ failures: PER_ACCOUNT, perSeconds: PERIOD_SECONDS });
  readonly #perSource = new FailureLimit({ failures: PER_SOURCE, perSeconds: PERIOD_SECONDS });
  readonly #known = new LRUCache<string, true>(atMost(MAX_KNOWN));

  /** Begins an attempt. Returns the function that ends it. Rejects with `TooManyRequests` at a limit. */
  async begin({
    emailHash,
    clientAddress,
    knownDevice,
  }: LogInAttempt): Promise<(outcome: Outcome) => Promise<void>> {
    const source = networkOf(clientAddress);
    const pair = `${emailHash} ${source}`;
    const own = knownDevice ?? (this.#known.has(pair) ? pair : undefined);
    const counts: [FailureLimit, string][] =
      own === undefined
        ? [
            [this.#perSource, source],
            [this.#perAccount, emailHash],
          ]
        : [[this.#perAccount, own]];
    const begun: [FailureLimit, string][] = [];
    const end = async (outcome: Outcome) => {
      if (outcome === 'right') this.#known.set(pair, true);
      for (const [limit, key] of begun) await limit.end(key, outcome === 'wrong');
    };
    try {
      for (const [limit, key] of counts) {
        await limit.begin(key);
        begun.push([limit, key]);
      }
    } catch (error) {
      await end('not-checked');
      throw error;
    }
    return end;
  }
}
