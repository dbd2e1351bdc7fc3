import { expect, it } from 'vitest';
import { EventStoreAccessDenied, EventStoreUnavailable } from '../event-store/errors.ts';
import { ReadStoreUnavailable } from '../read-store/errors.ts';
import { createStoreRetry } from './retry-while-unavailable.ts';

const eventStoreUrl = 'esdb://admin:changeit@10.0.0.7:2113?tls=false';

const failing = (errors: readonly Error[]) => {
  const left = [...errors];
  return async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'done';
  };
};

it('a command retries while a store is unavailable, and reports what it waits for', async () => {
  const printed: string[] = [];
  const withRetry = createStoreRetry({ print: (text) => printed.push(text), printEveryMs: 0, eventStoreUrl });

  const result = await withRetry(
    failing([
      new EventStoreUnavailable('the event store cannot be read'),
      new ReadStoreUnavailable('no MongoDB answers'),
    ]),
  );

  expect(result).toBe('done');
  expect([...new Set(printed)]).toEqual([
    'waiting: the event store cannot be read (at 10.0.0.7) (for 0 s now)',
    'waiting: no MongoDB answers (for 0 s now)',
  ]);
});

it('a command gives up on a store that stays unavailable', async () => {
  const withRetry = createStoreRetry({ print: () => {}, maxWaitMs: 0 });
  const always = () => Promise.reject(new EventStoreUnavailable('the event store cannot be read'));
  await expect(withRetry(always)).rejects.toThrow('gave up after 0 s: the event store cannot be read');
});

it('a command does not retry when a store denies access', async () => {
  const denied = new EventStoreAccessDenied('no access to the event store', 'it denies access');
  const withRetry = createStoreRetry({ print: () => {} });
  await expect(withRetry(failing([denied]))).rejects.toBe(denied);
});
