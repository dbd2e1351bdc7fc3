import { expect, it, vi } from 'vitest';
import type { Appended } from './event-store.ts';
import { createSnapshots } from './snapshots.ts';

const position = { commit: 7n, prepare: 7n };
const snapshot = { shape: 'inventory', version: 1, revision: 999n, position, state: {} };

it('a snapshot stream that was never limited to its last event is limited later', async () => {
  let revision = -1n;
  const append = async (): Promise<Appended> => {
    revision += 1n;
    return { ids: [], revision, position };
  };
  const keepLast = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(undefined);
  const snapshots = createSnapshots({ append, readLast: async () => undefined }, keepLast);

  await expect(snapshots.save('inventory-1', snapshot)).rejects.toThrow('away');
  for (let saved = 1; saved <= 100; saved++) await snapshots.save('inventory-1', snapshot);

  expect(keepLast.mock.calls).toEqual([['snapshot-inventory-1'], ['snapshot-inventory-1']]);
});
