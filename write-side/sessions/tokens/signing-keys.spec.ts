import { describe, expect, it } from 'vitest';
import { memoryKeyStore } from '../../../key-store/testing/memory-key-store.ts';
import { KEY_LIFETIME_MS, PUBLISHED_AFTER_MS, PUBLISHED_BEFORE_MS, SigningKeys } from './signing-keys.ts';

async function create() {
  let now = Date.UTC(2026, 0, 5);
  const store = await memoryKeyStore();
  const open = () => new SigningKeys(store, () => new Date(now));
  const pass = (ms: number) => {
    now += ms;
  };
  return { store, open, keys: open(), pass };
}
const numbers = async (keys: SigningKeys) => (await keys.published()).map(({ number }) => number);

describe('the signing keys', () => {
  it('begin with one that signs at once', async () => {
    const { keys } = await create();
    expect((await keys.current()).number).toBe(1);
    expect(await numbers(keys)).toEqual([1]);
  });

  it('of processes that start at the same time are the same', async () => {
    const { open } = await create();
    const [one, other] = await Promise.all([open().current(), open().current()]);
    expect(one.kid).toBe(other.kid);
  });

  it('are published an hour before they sign, and stay until the last token has expired', async () => {
    const { keys, pass } = await create();
    await keys.current();
    pass(KEY_LIFETIME_MS - PUBLISHED_BEFORE_MS - 1);
    expect(await numbers(keys)).toEqual([1]);
    pass(60_000);
    expect([await numbers(keys), (await keys.current()).number]).toEqual([[1, 2], 1]);
    pass(PUBLISHED_BEFORE_MS);
    expect([await numbers(keys), (await keys.current()).number]).toEqual([[1, 2], 2]);
    pass(PUBLISHED_AFTER_MS);
    expect(await numbers(keys)).toEqual([2]);
  });

  it('are rotated once by several processes', async () => {
    const { open, pass, store } = await create();
    await open().current();
    pass(KEY_LIFETIME_MS);
    await Promise.all([open().current(), open().current(), open().current()]);
    expect((await store.signingKeys()).map(({ number, retiredAt }) => [number, retiredAt])).toEqual([
      [1, '2026-02-04T01:00:00.000Z'],
      [2, undefined],
    ]);
  });

  it('retire a key whose successor a crashed process has added', async () => {
    const { open, pass, store } = await create();
    await open().current();
    const activeFrom = '2026-02-04T00:00:00.000Z';
    await store.addSigningKey({ number: 2, createdAt: '2026-02-03T23:00:00.000Z', activeFrom });
    pass(KEY_LIFETIME_MS);
    expect((await open().current()).number).toBe(2);
    expect((await store.signingKeys())[0]).toMatchObject({ number: 1, retiredAt: activeFrom });
  });

  it('go on signing with the old key after months in which no token was needed', async () => {
    const { keys, pass } = await create();
    await keys.current();
    pass(5 * KEY_LIFETIME_MS);
    expect([(await keys.current()).number, await numbers(keys)]).toEqual([1, [1, 2]]);
  });
});
