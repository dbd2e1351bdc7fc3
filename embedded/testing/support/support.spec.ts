import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { CLIENT_CALLS } from './client-calls.ts';
import { readmes } from './readme.ts';

/** What the client has besides calls to the node. */
const LOCAL_METHODS = [
  'constructor',
  'connectionName',
  'HTTPRequest',
  'createDeadline',
  'capabilities',
  'throwOnAppendFailure',
];

describe('the support table', () => {
  it('names every method of the client', () => {
    const methods = Object.getOwnPropertyNames(EventStoreDBClient.prototype);

    expect(Object.keys(CLIENT_CALLS).sort()).toEqual(
      methods.filter((name) => !LOCAL_METHODS.includes(name)).sort(),
    );
  });

  it('is what a node answers now', async () => {
    const { current, wanted } = await readmes();

    expect(current).toBe(wanted);
  }, 60_000);
});
