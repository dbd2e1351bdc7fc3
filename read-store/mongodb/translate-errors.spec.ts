import { MongoBulkWriteError, MongoDriverError, MongoServerError } from 'mongodb';
import { expect, it, vi } from 'vitest';
import { ReadStoreUnavailable } from '../errors.ts';
import { fenced, fencedBulk, translateErrors } from './translate-errors.ts';

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

it('writes that their fences refuse are told by their places', async () => {
  expect(await fencedBulk(async () => {})).toEqual([]);
  expect(await bulk([FENCE])).toEqual([1]);
});

it('one that another index refuses is an error: a document would be lost', async () => {
  await expect(bulk([FENCE, UNIQUE])).rejects.toThrow(MongoBulkWriteError);
});

it('a majority that did not confirm is away, whatever fences refused beside it', async () => {
  await expect(bulk([FENCE], { errmsg: 'waiting for replication timed out' })).rejects.toThrow(
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
])('code %i is away: %s', async (code, message) => {
  await expect(
    translateErrors(() => Promise.reject(new MongoServerError({ message, code }))),
  ).rejects.toThrow(new ReadStoreUnavailable(`MongoDB: ${message}`));
});

it.each([
  ['MongoPoolClosedError', new MongoDriverError('closed')],
  ['MongoWaitQueueTimeoutError', new MongoDriverError('waited')],
] as const)('%s is away: the client is being closed, or has too much to do', async (name, error) => {
  Object.defineProperty(error, 'name', { value: name });
  await expect(translateErrors(() => Promise.reject(error))).rejects.toThrow(ReadStoreUnavailable);
});

it('a socket that the server has just closed is away', async () => {
  const error = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
  await expect(translateErrors(() => Promise.reject(error))).rejects.toThrow(ReadStoreUnavailable);
});

it.each([
  ['an operation', translateErrors],
  ['a fenced one', fenced],
  ['many fenced ones', fencedBulk],
] as const)('%s that the driver never answers is away, not waited for until the end', async (_, run) => {
  vi.useFakeTimers();
  try {
    const outcome = run(() => new Promise<never>(() => {})).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(90_000);
    expect(await outcome).toEqual(new ReadStoreUnavailable('MongoDB: no answer'));
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
