import { describe, expect, it } from 'vitest';
import { useNode } from './testing/scavenging-node.ts';

describe('the record of a scavenge', () => {
  const { client, fill, port, restart, scavenge, startScavenge } = useNode();

  const readRecords = async () => {
    const found: { type?: string | undefined; data?: unknown }[] = [];
    for await (const { event } of client().readStream('$scavenges', { resolveLinkTos: true }))
      found.push({ type: event?.type, data: event?.data });
    return found;
  };

  it('is a separate stream, with links to it in $scavenges', async () => {
    await fill();
    const scavengeId = await scavenge();
    const nodeEndpoint = `127.0.0.1:${port()}`;

    await expect.poll(readRecords).toHaveLength(2);
    expect(await readRecords()).toEqual([
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

  it('shows a scavenge as interrupted when the node restarted during it', async () => {
    const scavengeId = await startScavenge();
    await restart();

    await expect
      .poll(async () => (await readRecords()).at(-1))
      .toMatchObject({
        type: '$scavengeCompleted',
        data: { scavengeId, result: 'Interrupted', error: 'The node was restarted.' },
      });
  });
});
