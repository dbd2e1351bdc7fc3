import { MongoBulkWriteError, MongoDriverError, MongoServerError } from 'mongodb';
import { expect, it, vi } from 'vitest';
import { ReadStoreUnavailable } from '../errors.ts';
import { ignoreDuplicateId, ignoreDuplicateIds, translateErrors } from './translate-errors.ts';

const DUPLICATE_ID = {
  index: 1,
  code: 11000,
  errmsg: 'E11000 duplicate key error index: _id_ dup key: { _id: "a" }',
};
const DUPLICATE_NAME = {
  index: 2,
  code: 11000,
  errmsg: 'E11000 duplicate key error index: byName dup key: { n: 1 }',
};

const bulk = (writeErrors: readonly object[], unconfirmed?: { readonly errmsg: string }) => {
  const code = (writeErrors[0] as { code?: number } | undefined)?.code;
  const result = { getWriteConcernError: () => unconfirmed };
  const error = new MongoBulkWriteError(
    { message: 'rejected', code, writeErrors } as unknown as ConstructorParameters<
      typeof MongoBulkWriteError
    >[0],
    result as unknown as ConstructorParameters<typeof MongoBulkWriteError>[1],
  );
  return ignoreDuplicateIds(() => Promise.reject(error));
};

it('a bulk write reports the writes that found a duplicate id', async () => {
  expect(await ignoreDuplicateIds(async () => {})).toEqual([]);
  expect(await bulk([DUPLICATE_ID])).toEqual([1]);
});

it('a bulk write with a duplicate in another index than that of ids is an error: a document would be lost', async () => {
  await expect(bulk([DUPLICATE_ID, DUPLICATE_NAME])).rejects.toThrow(MongoBulkWriteError);
});

it('MongoDB counts as unavailable when no majority confirms, even if some ids are duplicates', async () => {
  await expect(bulk([DUPLICATE_ID], { errmsg: 'waiting for replication timed out' })).rejects.toThrow(
    ReadStoreUnavailable,
  );
  await expect(bulk([], { errmsg: 'waiting for replication timed out' })).rejects.toThrow(
    ReadStoreUnavailable,
  );
});

it.each([
  [91, 'shutting down'],
  [134, 'no majority read yet'],
  [10107, 'not primary'],
])('MongoDB counts as unavailable after error code %i: %s', async (code, message) => {
  await expect(
    translateErrors(() => Promise.reject(new MongoServerError({ message, code }))),
  ).rejects.toThrow(new ReadStoreUnavailable(`MongoDB: ${message}`));
});

it.each([
  ['MongoPoolClosedError', new MongoDriverError('closed')],
  ['MongoWaitQueueTimeoutError', new MongoDriverError('waited')],
] as const)(
  'reports the store as unavailable for %s: the client is being closed, or overloaded',
  async (name, error) => {
    Object.defineProperty(error, 'name', { value: name });
    await expect(translateErrors(() => Promise.reject(error))).rejects.toThrow(ReadStoreUnavailable);
  },
);

it('MongoDB counts as unavailable when the server has just closed the socket', async () => {
  const error = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
  await expect(translateErrors(() => Promise.reject(error))).rejects.toThrow(ReadStoreUnavailable);
});

it.each([
  ['an operation', translateErrors],
  ['a conditional upsert', ignoreDuplicateId],
  ['a bulk write', ignoreDuplicateIds],
] as const)('reports the store as unavailable when %s gets no response within the limit', async (_, run) => {
  vi.useFakeTimers();
  try {
    const outcome = run(() => new Promise<never>(() => {})).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(90_001);
    expect(await outcome).toEqual(new ReadStoreUnavailable('MongoDB: no response'));
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
