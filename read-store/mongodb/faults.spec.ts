import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import { expect, test } from 'vitest';
import { ReadStoreAway } from '../errors.ts';
import { fencedBulk, translated } from './faults.ts';

const FENCE = {
  index: 1,
  code: 11000,
  errmsg: 'E11000 duplicate key error index: _id_ dup key: { _id: "a" }',
};
const UNIQUE = {
  index: 2,
  code: 11000,
  errmsg: 'E11000 duplicate key error index: byName dup key: { n: 1 }',
};

const bulk = (writeErrors: readonly object[], unconfirmed?: { readonly errmsg: string }) => {
  const code = (writeErrors[0] as { code?: number } | undefined)?.code;
  const result = { getWriteConcernError: () => unconfirmed };
  const error = new MongoBulkWriteError(
    { message: 'refused', code, writeErrors } as unknown as ConstructorParameters<
      typeof MongoBulkWriteError
    >[0],
    result as unknown as ConstructorParameters<typeof MongoBulkWriteError>[1],
  );
  return fencedBulk(() => Promise.reject(error));
};

test('writes that their fences refuse are told by their places', async () => {
  expect(await fencedBulk(async () => {})).toEqual([]);
  expect(await bulk([FENCE])).toEqual([1]);
});

test('one that another index refuses is an error: a document would be lost', async () => {
  await expect(bulk([FENCE, UNIQUE])).rejects.toThrow(MongoBulkWriteError);
});

test('a majority that did not confirm is away, whatever fences refused beside it', async () => {
  await expect(bulk([FENCE], { errmsg: 'waiting for replication timed out' })).rejects.toThrow(ReadStoreAway);
  await expect(bulk([], { errmsg: 'waiting for replication timed out' })).rejects.toThrow(ReadStoreAway);
});

test.each([
  [91, 'shutting down'],
  [134, 'no majority read yet'],
  [10107, 'not primary'],
])('code %i is away: %s', async (code, message) => {
  await expect(translated(() => Promise.reject(new MongoServerError({ message, code })))).rejects.toThrow(
    new ReadStoreAway(`MongoDB: ${message}`),
  );
});
