import { hashPassword, verifyPassword } from '../argon2.ts';
import type { PasswordHasher } from '../password-hasher.ts';

/** Returns a hasher that computes in this process, for specs that need no process of its own. */
export const hasherInThisProcess = (): PasswordHasher => ({
  hash: async (password) => hashPassword(password),
  verify: async (hash, password) => verifyPassword(hash, password),
  throwIfBusy: () => {},
});
