import { asciiMailAddress, type Mailbox } from '../mail-address.ts';

/** Returns the mailbox in `shop@example.com` or `The Shop <shop@example.com>`; undefined for another text. */
export function parseMailFrom(text: string): Mailbox | undefined {
  const [, name, bracketed] = /^([^<>"\p{Cc}]*)<([^<>]*)>$/u.exec(text.trim()) ?? [];
  const address = asciiMailAddress(bracketed ?? text.trim());
  if (address === undefined) return undefined;
  return name === undefined || name.trim() === '' ? { address } : { address, name: name.trim() };
}
