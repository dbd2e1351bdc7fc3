import { describe, expect, it } from 'vitest';
import { KeyStoreUnusable, PersonForgotten } from './errors.ts';
import { PersonalDataCipher } from './personal-data.ts';
import { memoryKeyStore } from './testing/memory-key-store.ts';

async function setUp() {
  const keys = await memoryKeyStore();
  return { keys, cipher: new PersonalDataCipher(keys) };
}

describe('personal data', () => {
  it('is encrypted, and decrypted with the key of its person', async () => {
    const { cipher } = await setUp();
    const encrypted = await cipher.encrypt('ann', { city: 'Ulm' });
    expect(Object.keys(encrypted)).toEqual(['personId', 'ciphertext']);
    expect(JSON.stringify(encrypted)).not.toContain('Ulm');
    expect(Buffer.from(encrypted.ciphertext, 'base64url').toString('latin1')).not.toContain('Ulm');
    expect(await cipher.decrypt(encrypted)).toEqual({ city: 'Ulm' });
  });

  it('has the same ciphertext for the same value of the same person only', async () => {
    const { cipher } = await setUp();
    const first = await cipher.encrypt('ann', 'Ulm');
    expect(await cipher.encrypt('ann', 'Ulm')).toEqual(first);
    expect((await cipher.encrypt('ann', 'Bonn')).ciphertext).not.toBe(first.ciphertext);
    expect((await cipher.encrypt('bob', 'Ulm')).ciphertext).not.toBe(first.ciphertext);
  });

  it('cannot be decrypted under the name of another person, or after a change', async () => {
    const { cipher } = await setUp();
    const { ciphertext } = await cipher.encrypt('ann', 'Ulm');
    await cipher.encrypt('bob', 'x');
    await expect(cipher.decrypt({ personId: 'bob', ciphertext })).rejects.toThrow(KeyStoreUnusable);
    const changed = `${ciphertext.startsWith('A') ? 'B' : 'A'}${ciphertext.slice(1)}`;
    await expect(cipher.decrypt({ personId: 'ann', ciphertext: changed })).rejects.toThrow(KeyStoreUnusable);
  });

  it('is forgotten for ever with the key of its person', async () => {
    const { keys, cipher } = await setUp();
    const encrypted = await cipher.encrypt('ann', 'Ulm');
    await keys.forget('ann');
    await keys.forget('ann');
    expect(await cipher.decrypt(encrypted)).toBeUndefined();
    await expect(cipher.encrypt('ann', 'Ulm')).rejects.toThrow(PersonForgotten);
  });

  it('is unreadable, not forgotten, when the key store lacks the key or has another one', async () => {
    const warnings: string[] = [];
    const keys = await memoryKeyStore();
    const cipher = new PersonalDataCipher(keys, (message) => warnings.push(message));
    const foreign = await (await setUp()).cipher.encrypt('ann', 'Ulm');
    for (const lacks of [true, false]) {
      if (!lacks) await keys.personKey('ann');
      expect(await cipher.decryptAll({ to: { city: foreign } })).toEqual({
        to: { city: null, unreadable: true },
      });
      await expect(cipher.decrypt(foreign)).rejects.toThrow(KeyStoreUnusable);
    }
    expect(warnings).toEqual(Array(2).fill(expect.stringMatching(/lacks the key of a person/)));
  });
});

describe('JSON with personal data of several persons', () => {
  it('shows the values, and `null` beside "forgotten" for forgotten persons', async () => {
    const { keys, cipher } = await setUp();
    const json = {
      seller: { name: await cipher.encrypt('ann', 'Ann'), city: await cipher.encrypt('ann', 'Ulm') },
      buyer: { name: await cipher.encrypt('bob', 'Bob'), units: 3 },
      list: [await cipher.encrypt('bob', ['a', null])],
      nothing: null,
    };
    expect(await cipher.decryptAll(json)).toEqual({
      seller: { name: 'Ann', city: 'Ulm' },
      buyer: { name: 'Bob', units: 3 },
      list: [['a', null]],
      nothing: null,
    });
    await keys.forget('bob');
    expect(await cipher.decryptAll(json)).toEqual({
      seller: { name: 'Ann', city: 'Ulm' },
      buyer: { name: null, units: 3, forgotten: true },
      list: [null],
      nothing: null,
      forgotten: true,
    });
  });

  it('is unchanged without personal data', async () => {
    const { cipher } = await setUp();
    const json = { a: [1, { personId: 'ann', ciphertext: 'x', other: 1 }] };
    expect(await cipher.decryptAll(json)).toBe(json);
  });
});
