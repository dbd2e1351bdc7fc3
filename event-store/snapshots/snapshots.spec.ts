import { describe, expect, it, vi } from 'vitest';
import type { Appended } from '../event-store.ts';
import { createInMemoryEventStore } from '../testing/in-memory-event-store.ts';
import { catalogue } from '../testing/sample-events.ts';
import { snapshotPartStream } from './snapshot-events.ts';
import { createSnapshots } from './snapshots.ts';

const position = { commit: 7n, prepare: 7n };
const snapshot = { shape: 'inventory', version: 1, revision: 999n, position, state: {} };

it('a snapshot stream that was never limited to its last event is limited later', async () => {
  let revision = -1n;
  const append = async (): Promise<Appended> => {
    revision += 1n;
    return { ids: [], revision, position };
  };
  const keepLast = vi.fn().mockRejectedValueOnce(new Error('unavailable')).mockResolvedValue(undefined);
  const snapshots = createSnapshots({ append, readLast: async () => undefined }, keepLast);

  await expect(snapshots.save('inventory-1', snapshot)).rejects.toThrow('unavailable');
  for (let saved = 1; saved <= 100; saved++) await snapshots.save('inventory-1', snapshot);

  expect(keepLast.mock.calls).toEqual([['snapshot-inventory-1'], ['snapshot-inventory-1']]);
});

describe('a snapshot that is too large for one event', () => {
  const stock = 'inventory-1';
  /** 3 MB, as of 70,000 orders that hold stock; some of its texts need escaping, or more than a byte a character. */
  const large = Array.from({ length: 70_000 }, (_, n) => [
    `order-"${n}"-ü-of-quite-some-length-to-be-sure`,
    n,
    // These characters take three bytes each.
    n < 8 ? '注文'.repeat(40_000) : '',
  ]);
  const largeAt = (revision: bigint) => ({ ...snapshot, revision, state: { of: `${revision}`, large } });

  it('is saved in parts and loaded whole', async () => {
    const snapshots = createSnapshots(createInMemoryEventStore({ catalogue }), async () => {});
    await snapshots.save(stock, largeAt(10n));
    expect(await snapshots.load(stock)).toEqual(largeAt(10n));
    await snapshots.save(stock, largeAt(20n));
    expect(await snapshots.load(stock)).toEqual(largeAt(20n));
    await snapshots.save(stock, { ...snapshot, revision: 30n });
    expect(await snapshots.load(stock)).toEqual({ ...snapshot, revision: 30n });
  });

  it('is not loaded while its parts belong to two revisions, as after a crash between the writes', async () => {
    const store = createInMemoryEventStore({ catalogue });
    const snapshots = createSnapshots(store, async () => {});
    await snapshots.save(stock, largeAt(10n));
    const part = { type: 'SnapshotPart', data: { revision: '20', text: '' } };
    store.appendRaw(snapshotPartStream(stock, 2), part);
    expect(await snapshots.load(stock)).toBeUndefined();
    await snapshots.save(stock, largeAt(30n));
    expect(await snapshots.load(stock)).toEqual(largeAt(30n));
  });
});
