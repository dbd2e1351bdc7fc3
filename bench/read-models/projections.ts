import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { readModels } from '../../projections/read-models.ts';
import { generateOrders } from '../data/generate-orders.ts';
import { BenchProcess } from '../harness/bench-process.ts';
import { measureInPairs } from '../harness/paired-runs.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';
import type { Projecting } from './projector-process.ts';

const PAIRS = 3;
const ALL = readModels.map(({ name }) => name);
/** One folds several streams into one document, one writes every event, and few events change the third. */
const SINGLE = ['orders', 'timeline', 'items'];

/** Measures read models from the first event on against the bare client that reads `$all`, each in its own process. */
export const measureProjections = (orders: number, only: readonly string[] = SINGLE): Promise<Row[]> =>
  withSystem(['eventstore'], async ({ env }) => {
    const url = env.EVENTSTORE_URL ?? '';
    const store = connectEventStore({ catalogue, url });
    await generateOrders(store, { orders });
    let events = 0;
    for await (const _ of store.readAll({ prefixes: [''] })) events += 1;
    await store.close();

    const [bare, ours] = [startProcess(), startProcess()];
    const perSecond = (child: typeof bare, models: readonly string[]) => async () =>
      events / (await child.request({ url, models }));
    const against = (models: readonly string[], pairs = PAIRS) =>
      measureInPairs(pairs, perSecond(ours, models), perSecond(bare, []));
    await against(ALL, 1);
    const rows: Row[] = [];
    for (const name of only) {
      const { ours, ratio } = await against([name]);
      rows.push({ what: `projection ${name}: events`, measured: ours, ratio, target: '≥ 0.40' });
    }
    const all = await against(ALL);
    await Promise.all([bare.end(), ours.end()]);
    return [
      { what: `bare client: ${events} events of $all`, measured: all.theirs, ratio: 1 },
      ...rows,
      {
        what: `all ${ALL.length} projections: events`,
        measured: all.ours,
        ratio: all.ratio,
        target: '≥ 0.15',
      },
    ];
  });

const startProcess = () =>
  new BenchProcess<Projecting, number>(new URL('./projector-process.js', import.meta.url));
