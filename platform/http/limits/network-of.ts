import ipaddr from 'ipaddr.js';

/** Returns the address itself; of an IPv6 address the /64 network, since one subscriber has all of it. */
export function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.networkAddressFromCIDR(
    `${ipaddr.IPv6.parse(address).toNormalizedString()}/64`,
  ).toString();
}
