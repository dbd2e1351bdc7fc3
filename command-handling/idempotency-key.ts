import { createHash } from 'node:crypto';
import { uuidFromName } from '../event-store/append/event-id.ts';

/** An idempotency key belongs to who calls, with which method, on which path. */
export interface KeyScope {
  readonly sub: string;
  readonly method: string;
  readonly path: string;
}

export interface ScopedKey {
  readonly scope: KeyScope;
  readonly key: string;
}

/** Names a key with its scope; nobody can tell the key from it. */
export const keyHash = ({ scope: { sub, method, path }, key }: ScopedKey): string =>
  sha256(JSON.stringify([sub, method, path, key]));

/**
 * The id of what a keyed request creates on a stream of its own, and of the command that creates it: no record of the
 * request is needed, for the same key leads to the same stream. Send the command with `lookFrom: 0n` and the fingerprint.
 */
export const createdByKey = (scoped: ScopedKey): { readonly id: string; readonly commandId: string } => ({
  id: uuidFromName(`created by ${keyHash(scoped)}`),
  commandId: uuidFromName(`command of ${keyHash(scoped)}`),
});

/** Equal for payloads that are the same JSON, whatever the order of their fields. */
export const fingerprintOf = (payload: unknown): string => sha256(JSON.stringify(payload, sortFields) ?? '');

const sortFields = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
