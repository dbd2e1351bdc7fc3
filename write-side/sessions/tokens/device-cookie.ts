import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

/** Returns the value of a cookie by which the browser is known to have logged in to this account: `id.signature`. */
export function createDevice(tokenKey: KeyObject, emailHash: string): string {
  const id = randomBytes(16).toString('base64url');
  return `${id}.${signatureOf(tokenKey, emailHash, id)}`;
}

/** Returns the id of a device that has logged in to this account; undefined for any other value. */
export function knownDevice(
  tokenKey: KeyObject,
  emailHash: string,
  value: string | undefined,
): string | undefined {
  const [id = '', signature = ''] = value?.split('.') ?? [];
  const [sent, expected] = [Buffer.from(signature), Buffer.from(signatureOf(tokenKey, emailHash, id))];
  return sent.length === expected.length && timingSafeEqual(sent, expected) ? id : undefined;
}

const signatureOf = (tokenKey: KeyObject, emailHash: string, id: string): string =>
  createHmac('sha256', tokenKey).update(`device|${emailHash}|${id}`).digest('base64url');
