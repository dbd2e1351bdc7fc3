import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { PublishedKey } from '../../platform/http/tokens/session-keys.ts';

const JWKS = '/.well-known/jwks.json';
const WITHIN_MS = 2_000;

interface KeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid: string })[];
}

/** Loads the public keys of session tokens from the command API at this address. Rejects while it does not answer. */
export const loadPublishedKeys = async (commandUrl: URL): Promise<readonly PublishedKey[]> => {
  const answer = await fetch(new URL(JWKS, commandUrl), { signal: AbortSignal.timeout(WITHIN_MS) });
  const { keys } = (await answer.json()) as KeySet;
  return keys.map((key) => ({
    kid: key.kid,
    publicKey: createPublicKey({ key: { ...key }, format: 'jwk' }),
  }));
};
