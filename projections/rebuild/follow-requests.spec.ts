import { expect, it } from 'vitest';
import { eventually } from '../../event-store/testing/eventually.ts';
import { useRebuildKit } from '../engine/testing/rebuild-kit.ts';
import { tally } from '../engine/testing/sample-projections.ts';
import { RebuildInProgress } from './rebuild-requests.ts';

const kit = useRebuildKit();

const idOf = (number: number) => `01a20184-bd75-737b-b1d4-${`${number}`.padStart(12, '0')}`;

/** Records a request as the command API does. */
async function request(number: number, dryRun = false): Promise<string> {
  const rebuildId = idOf(number);
  const data = {
    rebuildId,
    model: 'tally',
    dryRun,
    requestedBy: 'ada',
    requestedAt: '2026-01-05T12:00:00.000Z',
  };
  const metadata = {
    $correlationId: rebuildId,
    $causationId: 'test',
    commandId: `request-${number}`,
    actor: { sub: 'ada', role: 'admin' },
  } as const;
  const event = { type: 'RebuildRequested', data } as const;
  await kit.harness.events.append(`rebuild-${rebuildId}`, [{ event, metadata }], 'any');
  return rebuildId;
}
const ended = (rebuildId: string) =>
  eventually(async () => expect((await kit.requests.find(rebuildId))?.outcome).toBeDefined()).then(
    async () => (await kit.requests.find(rebuildId))?.outcome,
  );

it('a rebuild that the command API has recorded is carried out, once', async () => {
  await kit.fill(1, 20);
  const first = await kit.start([tally()]);
  const rebuildId = await request(1);
  expect(await ended(rebuildId)).toEqual({ kind: 'switched', generation: 2 });
  await first.stop();

  await kit.start([tally()]);
  expect(await ended(await request(2))).toEqual({ kind: 'switched', generation: 3 });
  expect(await kit.requests.find(rebuildId)).toMatchObject({ outcome: { generation: 2 } });
});

it('a dry run that the command API has recorded reports what differs, and changes nothing', async () => {
  await kit.fill(1, 20);
  await kit.start([tally()]);
  expect(await ended(await request(1, true))).toMatchObject({
    kind: 'compared',
    differing: 0,
    differences: [],
  });
  await kit.generationIs(1);
});

it('a request that was recorded before the projector started is carried out then', async () => {
  await kit.fill(1, 20);
  const rebuildId = await request(1);
  await kit.start([tally()]);
  expect(await ended(rebuildId)).toMatchObject({ kind: 'switched' });
});

it('a request that cannot be read is skipped', async () => {
  await kit.fill(1, 20);
  await kit.start([tally({ eventTypes: ['StockReceived'] })]);
  kit.harness.events.appendRaw(`rebuild-${idOf(1)}`, { type: 'RebuildRequested', data: { model: 7 } });
  expect(await ended(await request(2))).toMatchObject({ kind: 'switched' });
});

it('a rebuild joins one that is running; a dry run is refused then', async () => {
  const [first, second, dry] = [idOf(1), idOf(2), idOf(3)];
  await kit.requests.makeFor({ rebuildId: first, model: 'tally', dryRun: false });
  await kit.requests.makeFor({ rebuildId: second, model: 'tally', dryRun: false });
  await kit.requests.makeFor({ rebuildId: dry, model: 'tally', dryRun: true });
  expect(await kit.requests.all()).toMatchObject({ tally: { id: first, rebuildIds: [first, second] } });
  expect(await kit.requests.find(dry)).toMatchObject({ outcome: { kind: 'refused' } });
});

it('a rebuild that the command API has requested is neither withdrawn nor replaced', async () => {
  const rebuildId = idOf(1);
  await kit.requests.makeFor({ rebuildId, model: 'tally', dryRun: false });
  const standing = (await kit.requests.all()).tally;
  expect(await kit.requests.withdraw('tally', rebuildId)).toEqual(standing);
  await expect(kit.requests.make(['tally'], true, standing && [standing])).rejects.toThrow(RebuildInProgress);
});

it('the outcomes of the last 100 rebuilds are kept', async () => {
  for (let number = 1; number <= 102; number++) {
    const rebuildId = idOf(number);
    await kit.requests.makeFor({ rebuildId, model: 'tally', dryRun: false });
    await kit.requests.end('tally', rebuildId, { kind: 'switched', generation: number });
  }
  expect(await kit.requests.find(idOf(2))).toBeUndefined();
  expect(await kit.requests.find(idOf(3))).toMatchObject({ outcome: { generation: 3 } });
});
