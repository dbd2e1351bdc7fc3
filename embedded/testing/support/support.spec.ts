import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { CLIENT_CALLS } from './client-calls.ts';
import { readmes } from './readme.ts';

/** Methods of the client that send no request. */
const LOCAL_METHODS = [
  'constructor',
  'connectionName',
  'HTTPRequest',
  'createDeadline',
  'capabilities',
  'throwOnAppendFailure',
];

describe('the support table in the README', () => {
  it('lists every method of the client', () => {
    const methods = Object.getOwnPropertyNames(EventStoreDBClient.prototype);

    expect(Object.keys(CLIENT_CALLS).sort()).toEqual(
      methods.filter((name) => !LOCAL_METHODS.includes(name)).sort(),
    );
  });

  it('shows the responses of a current node', async () => {
    const { current, updated } = await readmes();

    expect(current).toBe(updated);
  });
});
