import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { readModels } from '../../projections/read-models.ts';
import { openReadStore } from '../../read-store/open-read-store.ts';
import { launch } from '../../test/support/processes/launch-orderstream.ts';
import { generateOrders } from '../data/generate-orders.ts';
import { peakMemory } from '../harness/process-memory.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';

const LOOK_EVERY_MS = 50;

interface Taken {
  readonly seconds: number;
  readonly mebibytes: number;
}

interface Measured {
  readonly events: number;
  readonly caughtUp: Taken;
  readonly rebuilt: Taken;
}

/** Measures the projector's rate and memory while it catches up and rebuilds all models, on a short log and one ten times as long. */
export async function measureRebuild(orders: number): Promise<Row[]> {
  const short = await rebuildOf(orders / 10);
  const long = await rebuildOf(orders);
  return [
    ...rowsOf('catching up', long.events, long.caughtUp, short.caughtUp),
    ...rowsOf('rebuild --all', long.events, long.rebuilt, short.rebuilt),
  ];
}

const rebuildOf = (orders: number): Promise<Measured> =>
  withSystem(['eventstore'], async ({ env, folder }) => {
    const store = connectEventStore({ catalogue, url: env.EVENTSTORE_URL ?? '' });
    await generateOrders(store, { orders });
    const end = (await store.head())?.commit ?? 0n;
    let events = 0;
    for await (const _ of store.readAll({ prefixes: [''] })) events += 1;
    await store.close();

    const projector = launch(['start', 'projections'], env);
    try {
      const startedAt = performance.now();
      await untilReadable(`sqlite:${folder}/read-store`, end);
      const caughtUp = { seconds: secondsSince(startedAt), mebibytes: await peakMemory(projector.pid ?? 0) };
      const askedAt = performance.now();
      const { code, stderr } = await launch(['rebuild', '--all'], env).ended;
      if (code !== 0) throw new Error(`not rebuilt: ${stderr}`);
      const rebuilt = { seconds: secondsSince(askedAt), mebibytes: await peakMemory(projector.pid ?? 0) };
      return { events, caughtUp, rebuilt };
    } finally {
      projector.signal('SIGTERM');
      await projector.ended;
    }
  });

async function untilReadable(readStoreUrl: string, end: bigint): Promise<void> {
  const readStore = await openReadStore(readStoreUrl);
  const isThere = async (model: (typeof readModels)[number]) =>
    ((await (await readStore.live(model)).checkpoint())?.commit ?? -1n) >= end;
  while (!(await Promise.all(readModels.map(isThere))).every(Boolean)) await sleep(LOOK_EVERY_MS);
  await readStore.close();
}

const secondsSince = (then: number): number => (performance.now() - then) / 1_000;

const rowsOf = (what: string, events: number, long: Taken, short: Taken): Row[] => [
  {
    what: `${what} of ${readModels.length} models, ${events} events`,
    measured: events / long.seconds,
  },
  {
    what: 'highest memory of the projector, against a tenth of the events',
    unit: 'MiB',
    measured: long.mebibytes,
    ratio: long.mebibytes / short.mebibytes,
    target: '≤ 1.50',
  },
];
