import type { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { ENDLESS, useNode } from './testing/scavenging-node.ts';

async function readRecords(client: EventStoreDBClient) {
  const found: { type?: string | undefined; data?: unknown }[] = [];
  for await (const { event } of client.readStream('$scavenges', { resolveLinkTos: true }))
    found.push({ type: event?.type, data: event?.data });
  return found;
}

describe('the record of a scavenge', () => {
  const { client, fill, port, scavenge } = useNode();

  it('is a separate stream, with links to it in $scavenges', async () => {
    await fill();
    const scavengeId = await scavenge();
    const nodeEndpoint = `127.0.0.1:${port()}`;

    await expect.poll(() => readRecords(client())).toHaveLength(2);
    expect(await readRecords(client())).toEqual([
      { type: '$scavengeStarted', data: { scavengeId, nodeEndpoint } },
      {
        type: '$scavengeCompleted',
        data: {
          scavengeId,
          nodeEndpoint,
          result: 'Success',
          error: null,
          timeTaken: expect.stringMatching(/^00:00:\d\d\.\d{7}$/),
          spaceSaved: expect.any(Number),
        },
      },
    ]);
    expect(await client().getStreamMetadata(`$scavenges-${scavengeId}`)).toMatchObject({
      metadata: { maxAge: 2_592_000 },
    });
  });
});

describe('the record of a scavenge that is running', () => {
  const { client, restart, startScavenge } = useNode(ENDLESS);

  it('says that it was interrupted when the node restarts', async () => {
    const scavengeId = await startScavenge();
    await restart();

    await expect
      .poll(async () => (await readRecords(client())).at(-1))
      .toMatchObject({
        type: '$scavengeCompleted',
        data: { scavengeId, result: 'Interrupted', error: 'The node was restarted.' },
      });
  });
});
