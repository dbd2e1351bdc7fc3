import { RESET_LIFETIME_MS } from '../../domain/user/lifetimes.ts';
import { networkOf } from '../../platform/http/limits/network-of.ts';
import { rateLimit } from '../../platform/http/limits/rate-limit.ts';

/**
 * Period of the limits of sign-ups and resets. The link of a reset lives as long. So while others have used up the limit of an
 * address, its owner has a valid link in the mailbox.
 */
const PERIOD_SECONDS = RESET_LIFETIME_MS / 1000;
const RESETS_PER_ADDRESS = 10;

/** Limits what clients without a token may ask for, counted in this process. Both reject with `TooManyRequests` at the limit. */
export interface AccountLimits {
  /** Counts a sign-up from an IP address. */
  signUp(clientAddress: string): Promise<void>;
  /** Counts a requested reset, whether the e-mail address has an account or not. */
  reset(clientAddress: string, emailHash: string): Promise<void>;
}

/** Creates the limits. `perSource` is the maximum of sign-ups, and that of resets, from one source; 0 for no limit. */
export function createAccountLimits(perSource: number): AccountLimits {
  const ofSource = () => {
    if (perSource === 0) return async () => {};
    const limit = rateLimit({ requests: perSource, perSeconds: PERIOD_SECONDS });
    return (clientAddress: string) => limit(networkOf(clientAddress));
  };
  const resetsOfSource = ofSource();
  const resetsOfAddress = rateLimit({ requests: RESETS_PER_ADDRESS, perSeconds: PERIOD_SECONDS });
  return {
    signUp: ofSource(),
    reset: async (clientAddress, emailHash) => {
      await resetsOfSource(clientAddress);
      await resetsOfAddress(emailHash);
    },
  };
}
