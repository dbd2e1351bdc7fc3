import { createSign, createVerify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../test/support/wait-until.ts';
import { PersonForgotten } from './errors.ts';
import type { KeyStore } from './key-store.ts';
import { adapters, type TestKeyStore } from './testing/adapters.ts';

const AT = '2026-12-01T08:00:00.000Z';
const LATER = '2026-12-02T08:00:00.000Z';

describe.each(adapters())('the key store on $name', ({ create }) => {
  let place: TestKeyStore;
  let store: KeyStore;
  let other: KeyStore;
  beforeEach(async () => {
    place = create();
    [store, other] = await Promise.all([place.open(), place.open()]);
  });
  afterEach(() => place.dispose());

  describe('the key of a person', () => {
    it('is created at the first use, and is the same for every process', async () => {
      const key = await store.personKey('ann');
      expect(key.symmetricKeySize).toBe(32);
      expect((await store.personKey('ann')).equals(key)).toBe(true);
      expect((await other.personKey('ann')).equals(key)).toBe(true);
      expect((await store.personKey('bob')).equals(key)).toBe(false);
    });

    it('is the same for many concurrent first uses', async () => {
      const stores = await Promise.all(Array.from({ length: 5 }, () => place.open()));
      const keys = await Promise.all(
        stores.flatMap((each) => [each.personKey('ann'), each.personKey('ann')]),
      );
      expect(new Set(keys.map((key) => key.export().toString('hex'))).size).toBe(1);
    });

    it('is found together with those of others; a person without a key is absent', async () => {
      const ann = await store.personKey('ann');
      await store.personKey('bob');
      await store.forget('bob');
      const found = await other.existingKeys(['ann', 'bob', 'carl', 'ann']);
      expect([...found.keys()].sort()).toEqual(['ann', 'bob']);
      expect(found.get('bob')).toBe('forgotten');
      expect(found.get('ann')).toMatchObject({ type: 'secret' });
      expect(ann.equals(found.get('ann') as typeof ann)).toBe(true);
      expect(await other.existingKeys([])).toEqual(new Map());
    });

    it('is never created again after it was destroyed', async () => {
      await store.personKey('ann');
      await store.forget('ann');
      await store.forget('ann');
      await other.forget('ann');
      await expect(store.personKey('ann')).rejects.toThrow(PersonForgotten);
      await expect((await place.open()).personKey('ann')).rejects.toThrow(PersonForgotten);
    });

    it('cannot be created for a person who was forgotten before the first use', async () => {
      await store.forget('ann');
      await expect(other.personKey('ann')).rejects.toThrow(PersonForgotten);
    });

    it('is not used by another process once that process looks again', async () => {
      await other.personKey('ann');
      await store.forget('ann');
      await waitUntil(
        'the other process no longer uses the key',
        () => other.existingKeys(['ann']),
        (keys) => keys.get('ann') === 'forgotten',
      );
    });
  });

  it('has secrets that are created once, each another one', async () => {
    const [first, again] = await Promise.all([store.secret('addressKey'), other.secret('addressKey')]);
    expect(first.equals(again)).toBe(true);
    expect(first.symmetricKeySize).toBe(32);
    expect((await store.secret('tokenKey')).equals(first)).toBe(false);
    expect((await (await place.open()).secret('addressKey')).equals(first)).toBe(true);
  });

  describe('the signing keys', () => {
    const add = (by: KeyStore, number: number) =>
      by.addSigningKey({ number, createdAt: AT, activeFrom: LATER });

    it('are listed with the oldest first, and sign what their public key verifies', async () => {
      expect(await store.signingKeys()).toEqual([]);
      const first = await add(store, 1);
      await add(store, 2);
      const listed = await other.signingKeys();
      expect(listed.map(({ number, createdAt, activeFrom }) => [number, createdAt, activeFrom])).toEqual([
        [1, AT, LATER],
        [2, AT, LATER],
      ]);
      expect(listed[0]?.kid).toBe(first.kid);
      expect(listed[1]?.kid).not.toBe(first.kid);
      const signature = createSign('sha256').update('x').sign(first.privateKey);
      const publicKey = listed[0]?.publicKey ?? first.privateKey;
      expect(publicKey.export({ format: 'jwk' })).toMatchObject({ kty: 'EC', crv: 'P-256' });
      expect(createVerify('sha256').update('x').verify(publicKey, signature)).toBe(true);
    });

    it('of concurrent rotations are one key', async () => {
      const added = await Promise.all([add(store, 1), add(other, 1), add(store, 1)]);
      expect(new Set(added.map(({ kid }) => kid)).size).toBe(1);
      expect(await store.signingKeys()).toHaveLength(1);
    });

    it('retire once, and are gone after they were removed', async () => {
      await add(store, 1);
      await add(store, 2);
      await store.retireSigningKey(1, AT);
      await other.retireSigningKey(1, LATER);
      await store.retireSigningKey(9, LATER);
      const retired = (await other.signingKeys()).map(({ number, retiredAt }) => [number, retiredAt]);
      expect(retired).toEqual([
        [1, AT],
        [2, undefined],
      ]);
      await store.removeSigningKey(1);
      await other.removeSigningKey(1);
      expect((await other.signingKeys()).map(({ number }) => number)).toEqual([2]);
      await expect(add(store, 1)).rejects.toThrow('signing key 1 was removed');
    });
  });

  it('responds to a ping while it is open', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });
});
