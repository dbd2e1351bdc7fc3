import { domainToASCII } from 'node:url';

/** A mailbox: its address, with the domain in ASCII, and the name that mail programs show. */
export interface Mailbox {
  readonly address: string;
  readonly name?: string;
}

/** RFC 5321, 4.5.3.1, in bytes. */
const MAX_LOCAL_PART = 64;
const MAX_ADDRESS = 254;

/** Characters of an unquoted local part (RFC 5322, 3.2.3, and RFC 6531 for those beyond ASCII). */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const domainName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * Returns a mail address with its domain in ASCII, such as `ann@xn--bcher-kva.example` for `ann@bücher.example`; undefined for
 * a text that is no mail address. An address without control characters and spaces cannot end a header or an SMTP command.
 */
export function asciiMailAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (!localPart.test(local) || Buffer.byteLength(local) > MAX_LOCAL_PART) return undefined;
  const ascii = domainToASCII(domain);
  if (!domainName.test(ascii)) return undefined;
  const address = `${local}@${ascii}`;
  return Buffer.byteLength(address) > MAX_ADDRESS ? undefined : address;
}

/** Returns the domain of an address from `asciiMailAddress`. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
