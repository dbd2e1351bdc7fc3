import { createSecretKey } from 'node:crypto';
import type { KeyRecords } from '../key-records.ts';
import type { KeyStore } from '../key-store.ts';
import { WrappedKeyStore } from '../wrapped-key-store.ts';
import { MemoryRecords } from './memory-records.ts';

/** The master key of specs. */
export const testMasterKey = createSecretKey(Buffer.alloc(32, 7));

/** Returns a key store in memory, with the code of the product around it. */
export const memoryKeyStore = (records: KeyRecords = new MemoryRecords()): Promise<KeyStore> =>
  WrappedKeyStore.open(records, testMasterKey);
