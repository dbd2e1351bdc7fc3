import {
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { assert, describe, expect, it } from 'vitest';
import { useNode } from './testing/scavenging-node.ts';

const typesOf = async (events: AsyncIterable<{ event?: { type: string } | undefined }>, count = Infinity) => {
  const types: (string | undefined)[] = [];
  for await (const { event } of events) {
    if (event?.type.startsWith('$') !== true) types.push(event?.type);
    if (types.length === count) break;
  }
  return types;
};
const filter = streamNameFilter({ prefixes: ['a', 'b'] });

describe('after a scavenge', () => {
  const { append, client, fill, restart, scavenge } = useNode();

  it('streams return the same events, and $all the remaining ones, also after a restart', async () => {
    await fill();
    await scavenge();
    for (const _ of ['before', 'after']) {
      expect(await typesOf(client().readStream('a'))).toEqual(['A3', 'A4', 'A5']);
      expect(await typesOf(client().readStream('a', { fromRevision: 1n }))).toEqual(['A3', 'A4', 'A5']);
      expect(
        await typesOf(client().readStream('a', { direction: 'backwards', fromRevision: 'end' })),
      ).toEqual(['A5', 'A4', 'A3']);
      expect(await typesOf(client().readAll())).toEqual(['A3', 'A4', 'A5', 'B0']);
      await restart();
    }
    expect((await append('a', 'A6')).nextExpectedRevision).toBe(6n);
  });

  it('reads of $all and subscriptions to it continue from the position of a removed event', async () => {
    const { a } = await fill();
    await client().setStreamMetadata('a', { maxCount: 1 });
    await append('a', 'A6');
    const position = a.position ?? assert.fail('no position');
    await scavenge();

    expect(await typesOf(client().readAll({ fromPosition: position }))).toEqual(['B0', 'A6']);
    expect(await typesOf(client().readAll({ fromPosition: position, direction: 'backwards' }))).toEqual([]);
    expect(await typesOf(client().subscribeToAll({ fromPosition: position, filter }), 2)).toEqual([
      'B0',
      'A6',
    ]);
  });

  it('a subscription to a stream continues from a removed revision', async () => {
    await fill();
    await scavenge();

    expect(await typesOf(client().subscribeToStream('a', { fromRevision: 0n }), 3)).toEqual([
      'A3',
      'A4',
      'A5',
    ]);
  });

  it('groups whose position was removed continue with the next existing event', async () => {
    const { a } = await fill();
    const ofStream = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
    const startFrom = { commit: a.position?.commit ?? 0n, prepare: a.position?.prepare ?? 0n };
    await client().createPersistentSubscriptionToStream('a', 'group', ofStream);
    const ofAll = persistentSubscriptionToAllSettingsFromDefaults({ startFrom });
    await client().createPersistentSubscriptionToAll('group', ofAll, { filter });
    await client().setStreamMetadata('a', { maxCount: 1 });
    await append('a', 'A6');
    await scavenge();
    await restart();

    const ofTheStream = client().subscribeToPersistentSubscriptionToStream('a', 'group');
    const ofTheLog = client().subscribeToPersistentSubscriptionToAll('group');
    expect(await typesOf(ofTheStream, 1)).toEqual(['A6']);
    expect(await typesOf(ofTheLog, 2)).toEqual(['B0', 'A6']);
  });

  it('a duplicate append of removed events writes nothing', async () => {
    const first = [jsonEvent({ type: 'C0', data: {} }), jsonEvent({ type: 'C1', data: {} })];
    await client().appendToStream('c', first);
    await append('c', 'C2');
    await client().setStreamMetadata('c', { maxCount: 1 });
    await scavenge();

    await client().appendToStream('c', first);
    await client().appendToStream('c', first, { expectedRevision: 'no_stream' });
    expect(await typesOf(client().readStream('c'))).toEqual(['C2']);
  });
});
