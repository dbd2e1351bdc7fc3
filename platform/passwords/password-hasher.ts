import { TooManyRequests } from '../http/response/errors.ts';

/** Argon2id with 19 MiB, 2 passes and 1 lane (OWASP, Password Storage Cheat Sheet). */
export const argon2Parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const { memoryCost, timeCost, parallelism } = argon2Parameters;

/**
 * A hash that no password has. A log-in to an unknown account is verified against it, and so takes as long as one with a wrong
 * password.
 */
export const HASH_OF_NOBODY = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Hashes passwords by Argon2id. */
export interface PasswordHasher {
  /** Returns the hash in PHC format. Rejects with `PasswordHasherBusy`. */
  hash(password: string): Promise<string>;
  /** Returns whether `hash` is that of the password. Rejects with `PasswordHasherBusy`. */
  verify(hash: string, password: string): Promise<boolean>;
  /** Throws `PasswordHasherBusy` when `verify` would reject: before work that would then be in vain. */
  throwIfBusy(): void;
}

/** Too many passwords wait for the hasher. The response is 429. */
export class PasswordHasherBusy extends TooManyRequests {
  constructor(retryAfterSeconds: number) {
    super(retryAfterSeconds, 'too many passwords are being checked; retry after the time in Retry-After');
  }
}

/** A request to the process that hashes: a password, and the hash to compare it with. */
export interface HashRequest {
  readonly id: number;
  readonly password: string;
  readonly hash?: string;
}

/** The response: the hash, or whether the password matches. `failure` is a sentence. */
export interface HashResponse {
  readonly id: number;
  readonly hash?: string;
  readonly matches?: boolean;
  readonly failure?: string;
}
