import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, describe, expect, it } from 'vitest';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { readyUrls } from '../support/system.ts';

const systems = new StartedSystems();
afterEach(() => systems.end());

const ROLES = ['write-side', 'process-managers', 'projections', 'read-api'] as const;
const SENTENCE =
  'the event store was written by an earlier version of Orderstream, whose events this version no longer reads: ' +
  'start with a new, empty folder as DATA_DIR, or set EVENTSTORE_URL to an empty event store\n';

/** Returns a running event store with the identity that earlier versions recorded: without a data version. */
async function startOldEventStore() {
  const environment = await systems.createEnvironment();
  const node = systems.start(environment, 'eventstore');
  await waitUntilServing(node, readyUrls(environment, ['eventstore']));
  const client = EventStoreDBClient.connectionString(String(environment.env.EVENTSTORE_URL));
  const data = { storeId: '5b4f3a8e-7c1d-4f0a-9a53-0d9d2b1c6e11' };
  await client.appendToStream('orderstream-identity', jsonEvent({ type: 'StoreNamed', data }));
  await client.dispose();
  return { environment, node };
}

describe('an event store that an earlier version wrote', () => {
  it('is rejected in one sentence by each role, which then ends with exit code 1', async () => {
    const { environment } = await startOldEventStore();
    for (const role of ROLES) {
      const { code, stderr } = await systems.start(environment, role).ended;
      expect({ role, code, stderr }).toEqual({ role, code: 1, stderr: SENTENCE });
    }
  });

  it('is rejected in one sentence by a start of all roles, which appends nothing to it', async () => {
    const { environment, node } = await startOldEventStore();
    node.signal('SIGTERM');
    await node.ended;
    const { code, stderr } = await systems.start(environment).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: SENTENCE });

    await waitUntilServing(systems.start(environment, 'eventstore'), readyUrls(environment, ['eventstore']));
    const client = EventStoreDBClient.connectionString(String(environment.env.EVENTSTORE_URL));
    const streams = new Set<string>();
    for await (const { event } of client.readAll())
      if (event !== undefined && !event.streamId.startsWith('$')) streams.add(event.streamId);
    await client.dispose();
    expect([...streams]).toEqual(['orderstream-identity']);
  });
});
