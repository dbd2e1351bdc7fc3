import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyStoreUnavailable, KeyStoreUnusable } from '../errors.ts';
import { openKeyStore } from '../open-key-store.ts';
import { testMasterKey } from '../testing/memory-key-store.ts';
import { SqliteRecords } from './sqlite-records.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderstream-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opening = (masterKey = testMasterKey) => openKeyStore(`sqlite:${folder}`, masterKey);
const bytes = () =>
  Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name)))).toString('latin1');

describe('the files of the key store', () => {
  it('contain no key that can be read without the master key', async () => {
    const store = await opening();
    const key = (await store.personKey('ann')).export();
    const text = bytes();
    expect(text).toContain('person:ann');
    for (const encoding of ['latin1', 'base64url', 'base64', 'hex'] as const)
      expect(text).not.toContain(key.toString(encoding));
    await store.close();
  });

  it('contain a destroyed key no more, also while other processes have them open', async () => {
    const [records, reader] = [new SqliteRecords(folder), new SqliteRecords(folder)];
    // Enough that keys lie on several pages, and that some pages become free.
    const ids = Array.from({ length: 300 }, (_, n) => `person:${n}`);
    const wrapped = (id: string) => `key-of-${id}-`.padEnd(80, 'x');
    for (const id of ids) await records.insertIfAbsent({ id, wrapped: wrapped(id) });
    expect(await reader.find(ids)).toHaveLength(300);
    expect(ids.filter((id) => bytes().includes(wrapped(id)))).toEqual(ids);
    for (const id of ids.slice(1)) {
      await records.destroy(id);
      expect(bytes()).not.toContain(wrapped(id));
    }
    expect(ids.filter((id) => bytes().includes(wrapped(id)))).toEqual([ids[0]]);
    await Promise.all([records.close(), reader.close()]);
    expect(readdirSync(folder)).toEqual(['keys.db']);
  });

  it.skipIf(process.platform === 'win32')('can be read by their owner only', async () => {
    const store = await opening();
    expect(statSync(join(folder, 'keys.db')).mode & 0o777).toBe(0o600);
    await store.close();
  });
});

describe('a key store that cannot be used', () => {
  it('for its master key is reported when it is opened', async () => {
    await (await opening()).close();
    const other = createSecretKey(Buffer.alloc(32, 8));
    await expect(opening(other)).rejects.toThrow(
      new KeyStoreUnusable(
        'a key in the key store cannot be decrypted with MASTER_KEY: use the MASTER_KEY with which the key store was created',
      ),
    );
    await (await opening()).close();
  });

  it('for garbage in its file is reported in one sentence', async () => {
    writeFileSync(join(folder, 'keys.db'), 'garbage '.repeat(1000));
    await expect(opening()).rejects.toThrow(/keys\.db is damaged, or not an SQLite file/);
  });

  it('for a file of another program is reported in one sentence', async () => {
    const other = new Libsql(join(folder, 'keys.db'));
    other.exec('CREATE TABLE cats (name)');
    other.close();
    await expect(opening()).rejects.toThrow(/not one of a key store/);
  });

  it('for a file of another version is reported in one sentence', async () => {
    await (await opening()).close();
    const newer = new Libsql(join(folder, 'keys.db'));
    newer.exec('PRAGMA user_version = 9');
    newer.close();
    await expect(opening()).rejects.toThrow(/another version of orderstream \(layout 9\)/);
  });

  it('for its folder is reported in one sentence', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openKeyStore(`sqlite:${join(folder, 'file')}`, testMasterKey)).rejects.toThrow(
      /the key store's (file|folder) .* cannot be/,
    );
    await expect(openKeyStore('postgres://x', testMasterKey)).rejects.toThrow(/should be sqlite:FOLDER/);
  });

  it('since its file was replaced creates no keys, which would be lost', async () => {
    const store = await opening();
    await store.personKey('ann');
    renameSync(join(folder, 'keys.db'), join(folder, 'elsewhere'));
    await expect(store.personKey('bob')).rejects.toThrow(KeyStoreUnusable);
    await expect(store.ping()).rejects.toThrow(/was removed or replaced/);
    renameSync(join(folder, 'elsewhere'), join(folder, 'keys.db'));
    await store.personKey('bob');
    await store.close();
  });
});

it('is unavailable while another process keeps the file locked, and available afterwards', async () => {
  const records = new SqliteRecords(folder, 1);
  const other = new Libsql(join(folder, 'keys.db'));
  other.exec('BEGIN EXCLUSIVE');
  await expect(records.find(['person:ann'])).rejects.toThrow(KeyStoreUnavailable);
  await expect(records.destroy('person:ann')).rejects.toThrow(KeyStoreUnavailable);
  other.exec('COMMIT');
  other.close();
  await records.destroy('person:ann');
  await records.close();
});
