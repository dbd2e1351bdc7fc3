import ipaddr from 'ipaddr.js';
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

/** Returns the address itself; of an IPv6 address the /64 network, since a subscriber has a whole one. */
export function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.networkAddressFromCIDR(
    `${ipaddr.IPv6.parse(address).toNormalizedString()}/64`,
  ).toString();
}
