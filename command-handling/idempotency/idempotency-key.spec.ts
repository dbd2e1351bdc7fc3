import { describe, expect, it } from 'vitest';
import { fingerprintOf, idsFromKey, keyHash } from './idempotency-key.ts';

const scope = { sub: 'alice', method: 'POST', path: '/api/v1/orders' };

describe('an idempotency key', () => {
  it('is scoped to caller, method and path', () => {
    const hashes = [
      keyHash({ scope, key: 'k1' }),
      keyHash({ scope, key: 'k2' }),
      keyHash({ scope: { ...scope, sub: 'bob' }, key: 'k1' }),
      keyHash({ scope: { ...scope, method: 'PATCH' }, key: 'k1' }),
      keyHash({ scope: { ...scope, path: '/api/v1/orders/1/cancel' }, key: 'k1' }),
    ];

    expect(new Set(hashes).size).toBe(5);
    expect(keyHash({ scope, key: 'k1' })).toBe(hashes[0]);
  });

  it('cannot be confused with a part of its scope', () => {
    const one = keyHash({ scope: { ...scope, path: '/a","b' }, key: 'c' });
    const other = keyHash({ scope: { ...scope, path: '/a' }, key: 'b","c' });

    expect(one).not.toBe(other);
  });

  it('always gives the same ids, which are UUIDs', () => {
    const { id, commandId } = idsFromKey({ scope, key: 'k1' });

    expect(idsFromKey({ scope, key: 'k1' })).toEqual({ id, commandId });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id).not.toBe(commandId);
  });
});

describe('the fingerprint of a request', () => {
  it('does not depend on the order of the fields', () => {
    expect(fingerprintOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      fingerprintOf({ b: { d: null, c: [1, 2] }, a: 1 }),
    );
  });

  it('differs for different payloads', () => {
    const payloads = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, {}, undefined];

    expect(new Set(payloads.map(fingerprintOf)).size).toBe(6);
  });
});
