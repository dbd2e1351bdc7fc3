// Not in tokens.ts: every process reads the configuration, and most of them need no packages for tokens.
import { createSecretKey, type KeyObject } from 'node:crypto';

/** Returns the key object of a secret; with a string, jsonwebtoken would parse the key at every call. */
export const secretKey = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'utf8'));
