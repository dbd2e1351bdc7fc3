import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReadStore } from '../open-read-store.ts';
import type { ReadStore } from '../read-store.ts';

/** A read store of its own for one test: opened as often as asked, as that many processes would. */
export interface TestReadStore {
  readonly url: string;
  open(): Promise<ReadStore>;
  /** Closes what was opened, and removes the data. */
  dispose(): Promise<void>;
}

export interface Adapter {
  readonly name: string;
  create(): TestReadStore;
}

/** SQLite always; MongoDB when `TEST_MONGODB_URL` names a server, on which each test has a database of its own. */
export function adapters(mongodb = process.env.TEST_MONGODB_URL): Adapter[] {
  const sqlite: Adapter = { name: 'SQLite', create: sqliteReadStore };
  return mongodb === undefined
    ? [sqlite]
    : [sqlite, { name: 'MongoDB', create: () => mongodbReadStore(mongodb) }];
}

export function sqliteReadStore(): TestReadStore {
  const folder = mkdtempSync(join(tmpdir(), 'orderstream-read-store-'));
  return testReadStore(`sqlite:${folder}`, async () => rmSync(folder, { recursive: true, force: true }));
}

function mongodbReadStore(server: string): TestReadStore {
  const url = new URL(server);
  url.pathname = `/test-${randomUUID()}`;
  return testReadStore(url.href, async () => {
    const { MongoClient } = await import('mongodb');
    const client = new MongoClient(url.href);
    await client.db().dropDatabase();
    await client.close();
  });
}

function testReadStore(url: string, remove: () => Promise<void>): TestReadStore {
  const opened: ReadStore[] = [];
  return {
    url,
    open: async () => {
      const store = await openReadStore(url);
      opened.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of opened) await store.close();
      await remove();
    },
  };
}
