import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadStoreReplaced } from '../errors.ts';
import { openReadStore } from '../open-read-store.ts';
import type { ReadStore } from '../read-store.ts';
import { makeLive } from '../testing/make-live.ts';

const books = { name: 'books', indexes: [] };
const at = (commit: bigint) => ({ commit, prepare: commit });

let place: string;
let folder: string;
let store: ReadStore;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'orderstream-replaced-'));
  folder = join(place, 'read-store');
  store = await openReadStore(`sqlite:${folder}`);
  await store.claimIdentity('shop');
  await (await store.generation<object>(books, 1)).commit(
    [{ id: 'emma', position: 1n, body: { title: 'Emma' } }],
    at(1n),
  );
  await makeLive(store, books, 1);
});
afterEach(async () => {
  await store.close();
  rmSync(place, { recursive: true, force: true });
});

const titles = async () => (await (await store.live<{ title: string }>(books)).get('emma'))?.body.title;

describe('a read store in a folder', () => {
  it('responds to a ping', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });

  it.each(['', 'control.db', 'books-1.db'])(
    'is detected as replaced when its part %j was removed',
    async (part) => {
      rmSync(join(folder, part), { recursive: true });
      await expect(store.ping()).rejects.toThrow(ReadStoreReplaced);
    },
  );

  it('is detected as replaced when another folder is in its place', async () => {
    renameSync(folder, `${folder}-before`);
    const other = await openReadStore(`sqlite:${folder}`);
    await expect(store.ping()).rejects.toThrow(ReadStoreReplaced);
    await other.close();
  });

  it('is reopened empty after it was removed', async () => {
    rmSync(folder, { recursive: true });
    await store.reopen();
    expect(await store.claimIdentity('another')).toBe('another');
    expect([await titles(), await store.liveGeneration('books')]).toEqual([undefined, 0]);
    await expect(store.ping()).resolves.toBeUndefined();
  });

  it('has its documents again after its folder was moved away and put back', async () => {
    renameSync(folder, `${folder}-before`);
    await store.reopen();
    rmSync(folder, { recursive: true });
    renameSync(`${folder}-before`, folder);
    await expect(store.ping()).rejects.toThrow(ReadStoreReplaced);
    await store.reopen();
    expect(await titles()).toBe('Emma');
  });

  it('does not count as replaced because of a dropped generation that is still open', async () => {
    const reader = await openReadStore(`sqlite:${folder}`);
    await (await reader.live(books)).get('emma');
    await store.generation(books, 2);
    await makeLive(store, books, 2);
    await store.dropGeneration('books', 1);
    await expect(reader.ping()).resolves.toBeUndefined();
    await reader.close();
  });
});
