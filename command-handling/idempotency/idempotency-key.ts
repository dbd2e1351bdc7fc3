import { createHash } from 'node:crypto';
import { uuidFromName } from '../../event-store/codec/event-id.ts';

/** The caller, the method and the path that an idempotency key belongs to. */
export interface KeyScope {
  readonly sub: string;
  readonly method: string;
  readonly path: string;
}

export interface ScopedKey {
  readonly scope: KeyScope;
  readonly key: string;
}

/** Returns a name for a key in its scope. The key cannot be computed from it. */
export const keyHash = ({ scope: { sub, method, path }, key }: ScopedKey): string =>
  sha256(JSON.stringify([sub, method, path, key]));

/** Returns the ids of what a keyed request creates, and of its command. The same key always gives the same ids. */
export const idsFromKey = (scoped: ScopedKey): { readonly id: string; readonly commandId: string } => ({
  id: uuidFromName(`created by ${keyHash(scoped)}`),
  commandId: uuidFromName(`command of ${keyHash(scoped)}`),
});

/** Returns a hash of a JSON payload that does not depend on the order of its fields. */
export const fingerprintOf = (payload: unknown): string => sha256(JSON.stringify(payload, sortFields) ?? '');

const sortFields = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
