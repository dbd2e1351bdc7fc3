import { EventStoreDBClient } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { startEmbeddedNode } from '../embedded/node.ts';
import { connectEventStore } from './connect.ts';
import { snapshotStream } from './snapshots/snapshot-events.ts';
import { eventually } from './testing/eventually.ts';
import { catalogue } from './testing/sample-events.ts';

it('a scavenge removes the snapshots that a newer one supersedes', async () => {
  const node = await startEmbeddedNode({ memory: true, port: 0 });
  const store = connectEventStore({ catalogue, url: node.connectionString });
  const client = EventStoreDBClient.connectionString(node.connectionString);
  const position = { commit: 1n, prepare: 1n };
  for (const revision of [99n, 199n, 299n])
    await store.snapshots.save('inventory-mug', { shape: 's', version: 1, revision, position, state: {} });

  const admin = `http://127.0.0.1:${node.port}/admin/scavenge`;
  await fetch(admin, { method: 'POST' });
  await eventually(async () => expect(await (await fetch(`${admin}/last`)).text()).toContain('Success'));

  const left: bigint[] = [];
  for await (const { event } of client.readAll())
    if (event?.streamId === snapshotStream('inventory-mug')) left.push(event.revision);
  expect(left).toEqual([2n]);
  expect(await store.snapshots.load('inventory-mug')).toMatchObject({ revision: 299n });
  await client.dispose();
  await store.close();
  await node.stop();
});
