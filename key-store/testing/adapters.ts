import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyStore } from '../key-store.ts';
import { openKeyStore } from '../open-key-store.ts';
import { memoryKeyStore, testMasterKey } from './memory-key-store.ts';
import { MemoryRecords } from './memory-records.ts';

/** A key store of its own for one test: opened as often as asked, as that many processes would. */
export interface TestKeyStore {
  open(): Promise<KeyStore>;
  /** Closes what was opened, and removes the data. */
  dispose(): Promise<void>;
}

interface Adapter {
  readonly name: string;
  create(): TestKeyStore;
}

/** Memory and SQLite always; MongoDB when `TEST_MONGODB_URL` names a server, on which each test has a database of its own. */
export function adapters(mongodb = process.env.TEST_MONGODB_URL): Adapter[] {
  return [
    { name: 'memory', create: inMemory },
    { name: 'SQLite', create: onSqlite },
    ...(mongodb === undefined ? [] : [{ name: 'MongoDB', create: () => onMongodb(mongodb) }]),
  ];
}

function inMemory(): TestKeyStore {
  const records = new MemoryRecords();
  return { open: () => memoryKeyStore(records), dispose: async () => {} };
}

function onSqlite(): TestKeyStore {
  const folder = mkdtempSync(join(tmpdir(), 'orderstream-key-store-'));
  return opened(`sqlite:${folder}`, async () => rmSync(folder, { recursive: true, force: true }));
}

function onMongodb(server: string): TestKeyStore {
  const url = new URL(server);
  url.pathname = `/test-${randomUUID()}`;
  return opened(url.href, async () => {
    const { MongoClient } = await import('mongodb');
    const client = new MongoClient(url.href);
    await client.db().dropDatabase();
    await client.close();
  });
}

function opened(url: string, remove: () => Promise<void>): TestKeyStore {
  const stores: KeyStore[] = [];
  return {
    open: async () => {
      const store = await openKeyStore(url, testMasterKey);
      stores.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of stores) await store.close();
      await remove();
    },
  };
}
