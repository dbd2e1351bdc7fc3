import { createHmac, type KeyObject } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { z } from 'zod';

/** Longest address that mail servers accept (RFC 5321, 4.5.3.1.3, without the angle brackets). */
const MAX_LENGTH = 254;

/** As browsers check it: also hosts without a dot, such as `localhost`. */
const address = z.email({ pattern: z.regexes.html5Email }).max(MAX_LENGTH);

/**
 * Returns the form in which addresses are compared: trimmed, in lower case, the domain in ASCII (`bücher.de` is
 * `xn--bcher-kva.de`). Undefined for a text that is no address.
 */
export function normalizeEmail(text: string): string | undefined {
  const trimmed = text.trim().normalize('NFC').toLowerCase();
  const separator = trimmed.lastIndexOf('@');
  const normalized = `${trimmed.slice(0, separator)}@${domainToASCII(trimmed.slice(separator + 1))}`;
  return separator > 0 && address.safeParse(normalized).success ? normalized : undefined;
}

/** Returns the keyed hash that names the stream of a normalized address: without the key, addresses cannot be guessed. */
export const emailHashOf = (addressKey: KeyObject, normalized: string): string =>
  createHmac('sha256', addressKey).update(normalized).digest('hex');
