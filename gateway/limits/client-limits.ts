import { networkOf } from '../../platform/http/limits/network-of.ts';
import { type RateLimitOptions, rateLimit } from '../../platform/http/limits/rate-limit.ts';

/** An address may belong to many people, behind one router or proxy. */
const ADDRESS_FACTOR = 10;

/** Counts a request; rejects with `TooManyRequests` beyond the limit of the account or of the address. */
export type ClientLimits = (address: string, account: string | undefined) => Promise<void>;

/** Limits the requests of each account, and ten times as many of each address. Without options, nothing is limited. */
export function createClientLimits(options: RateLimitOptions | undefined): ClientLimits {
  if (options === undefined) return async () => {};
  const ofAccount = rateLimit(options);
  const ofAddress = rateLimit({ ...options, requests: options.requests * ADDRESS_FACTOR });
  return async (address, account) => {
    await ofAddress(networkOf(address));
    if (account !== undefined) await ofAccount(account);
  };
}
