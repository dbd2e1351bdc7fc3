import { isIP } from 'node:net';

const BITS = { 4: 32, 6: 128 } as const;

/** Returns whether a text is an IP address, or a network such as `10.0.0.0/8`. */
function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version !== 4 && version !== 6) return false;
  if (prefix === undefined) return true;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= BITS[version];
}

/** Parses a comma-separated list of addresses and networks; undefined when an entry is neither. */
export function trustedProxiesOf(list: string): readonly string[] | undefined {
  const entries = list.split(',').map((entry) => entry.trim());
  return entries.every(isAddressOrNetwork) ? entries : undefined;
}
