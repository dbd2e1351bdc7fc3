import { createCipheriv, createDecipheriv, createHmac, hkdfSync, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a text with AES-256-GCM. Returns nonce, ciphertext and tag as base64url. `context` is authenticated: the result can
 * only be opened with the same context. The nonce is a keyed hash of context and text, so the same text has the same result,
 * and two texts never share a nonce under one key (docs/adr/0015).
 */
export function seal(key: KeyObject, text: string | Buffer, context: string): string {
  const nonce = nonceOf(key, text, context);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString('base64url');
}

/** Decrypts the result of `seal`. Throws when key or context are other ones, or the data was changed. */
export function open(key: KeyObject, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new RangeError('the encrypted value is too short');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** Uses a key of its own, derived from the encryption key. */
function nonceOf(key: KeyObject, text: string | Buffer, context: string): Buffer {
  const nonceKey = Buffer.from(hkdfSync('sha256', key, '', 'nonce', 32));
  const hash = createHmac('sha256', nonceKey).update(`${context.length}:${context}`).update(text).digest();
  return hash.subarray(0, NONCE_BYTES);
}
