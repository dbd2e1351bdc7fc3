import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyRecord } from './key-records.ts';
import type { SigningKey } from './key-store.ts';

type Facts = Omit<SigningKey, 'privateKey' | 'publicKey'>;

export const SIGNING = 'signing:';

/** Ids sort by number. */
export const signingId = (number: number): string => `${SIGNING}${String(number).padStart(10, '0')}`;

/** Returns a new key pair for ES256: the private key as PKCS#8, and its facts as JSON. */
export function createSigningKey(key: Pick<SigningKey, 'number' | 'createdAt' | 'activeFrom'>) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url');
  const { number, createdAt, activeFrom } = key;
  const facts: Facts = { number, kid, createdAt, activeFrom };
  return { pkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }), facts: JSON.stringify(facts) };
}

export const factsOf = ({ facts = '{}' }: KeyRecord): Facts => JSON.parse(facts);

export function signingKeyOf(record: KeyRecord, pkcs8: Buffer): SigningKey {
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return { ...factsOf(record), privateKey, publicKey: createPublicKey(privateKey) };
}
