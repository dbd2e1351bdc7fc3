import type { KeyStore } from '../../key-store/key-store.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { FailureLimit } from '../../platform/http/limits/failure-limit.ts';
import { createSessionCookies, type SessionCookies } from '../../platform/http/tokens/session-cookies.ts';
import type { PasswordHasher } from '../../platform/passwords/password-hasher.ts';
import { type AccountLimits, createAccountLimits } from './account-limits.ts';

/** What the read models know about a person. Both wait until the read models have all events that are recorded by now. */
export interface PersonRecords {
  /** Returns the ids of the person's orders that are placed or confirmed. */
  openOrders(userId: string): Promise<readonly string[]>;
  /** Returns everything about the person, by read model; personal data is encrypted. */
  everything(userId: string): Promise<Readonly<Record<string, unknown>>>;
}

export interface AccountOptions {
  readonly records: PersonRecords;
  /** Whether an account can be used only once its address is confirmed. */
  readonly confirmation: boolean;
  /**
   * Responses that must not tell whether an address is known take a whole number of this many milliseconds; default 250, more
   * than the appends that make the difference.
   */
  readonly hiddenStepMs?: number;
  /** Maximum number of sign-ups, and of requested resets, from one source in ten minutes; 0 for no limit; default 60. */
  readonly requestsPerSource?: number;
}

/** What accounts share with the rest of the command API. */
interface SharedParts {
  readonly keys: KeyStore;
  readonly passwords: PasswordHasher;
  /** Address of the shop's pages, without a slash at its end. */
  readonly publicUrl: string;
}

export interface AccountParts extends Required<Omit<AccountOptions, 'requestsPerSource'>>, SharedParts {
  readonly cipher: PersonalDataCipher;
  /** Limits the wrong passwords of callers who are logged in: a session may be stolen. */
  readonly wrongPasswords: FailureLimit;
  readonly limits: AccountLimits;
  readonly cookies: SessionCookies;
}

/** As many as for a log-in. */
const WRONG_PASSWORDS = { failures: 10, perSeconds: 15 * 60 };

export const createAccountParts = ({
  requestsPerSource = 60,
  ...options
}: AccountOptions & SharedParts): AccountParts => ({
  hiddenStepMs: 250,
  ...options,
  limits: createAccountLimits(requestsPerSource),
  cipher: new PersonalDataCipher(options.keys),
  wrongPasswords: new FailureLimit(WRONG_PASSWORDS),
  cookies: createSessionCookies(options.publicUrl.startsWith('https:')),
});
