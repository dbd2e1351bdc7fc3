import { MongoServerError } from 'mongodb';
import { expect, it, vi } from 'vitest';
import { at } from '../testing/books.ts';
import type { GenerationPlace } from './documents.ts';
import { MongoGeneration } from './generation.ts';

const duplicateId = () =>
  new MongoServerError({ code: 11_000, message: 'E11000 duplicate key error index: _id_ dup key' });

function generationWith(updateOne: () => Promise<unknown>) {
  const place = { documents: {}, control: { updateOne }, checkpointId: 'checkpoint' };
  return new MongoGeneration({ name: 'books', indexes: [] }, place as unknown as GenerationPlace, {
    maxUpdates: 1,
  });
}

it('the first checkpoint replaces an earlier one that another process inserts at the same time', async () => {
  const updateOne = vi.fn().mockRejectedValueOnce(duplicateId()).mockResolvedValueOnce({ matchedCount: 1 });
  await generationWith(updateOne).commit([], at(9n));
  expect(updateOne).toHaveBeenCalledTimes(2);
  expect(updateOne.mock.calls[1]).toEqual(updateOne.mock.calls[0]);
});

it('a checkpoint does not replace a later one of another process', async () => {
  const updateOne = vi.fn().mockRejectedValue(duplicateId());
  await expect(generationWith(updateOne).commit([], at(9n))).resolves.toBeUndefined();
  expect(updateOne).toHaveBeenCalledTimes(2);
});

it('a checkpoint is stored with one update when no other process interferes', async () => {
  const updateOne = vi.fn().mockResolvedValue({ matchedCount: 1 });
  await generationWith(updateOne).commit([], at(9n));
  expect(updateOne).toHaveBeenCalledTimes(1);
});
