import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderstream } from '../../test/support/system.ts';
import { salesFile } from '../data/sales-file.ts';
import { bareClient } from '../harness/bare-client.ts';
import { perSecond, secondsFor } from '../harness/concurrent-work.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';

const IN_FLIGHT = 64;
const WARM_UP_SECONDS = 5;
const EVENTS_PER_LINE = 2;
const EVENTS_PER_ORDER = 8;

interface Replayed {
  readonly lines: number;
  readonly orders: number;
  readonly linesPerSecond: number;
}

/** Measures the CLI's replay of a sales file (`REPLAY_FILE`, or a generated one) against the bare client. */
export async function measureReplay(invoices: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-bench-'));
  try {
    const file = process.env.REPLAY_FILE ?? join(folder, 'sales.csv');
    if (!process.env.REPLAY_FILE) await writeFile(file, salesFile({ invoices, products: 1_500, seed: 7 }));
    const replayed = await replay(file);
    const bare = await bareReplay(replayed);
    return [
      { what: `bare client: order lines, ${IN_FLIGHT} in flight`, measured: bare, ratio: 1 },
      {
        what: `replay: order lines, ${IN_FLIGHT} orders in flight`,
        measured: replayed.linesPerSecond,
        ratio: replayed.linesPerSecond / bare,
        target: '≥ 0.30',
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const replay = (file: string): Promise<Replayed> =>
  withSystem([], async ({ env }) => {
    const { code, stdout, stderr } = await orderstream(
      ['replay', file, '--json', '--concurrency', `${IN_FLIGHT}`],
      env,
    );
    if (code !== 0) throw new Error(`the replay failed:\n${stderr}\n${stdout}`);
    return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Replayed;
  });

/** Returns the lines per second when the bare client appends 2 events per line and 8 per order, 64 in flight. */
const bareReplay = ({ lines, orders }: Replayed): Promise<number> =>
  withSystem(['eventstore'], async ({ env }) => {
    const client = bareClient(env.EVENTSTORE_URL ?? '');
    await perSecond({ inFlight: IN_FLIGHT, seconds: WARM_UP_SECONDS }, client.append);
    const events = EVENTS_PER_LINE * lines + EVENTS_PER_ORDER * orders;
    const seconds = await secondsFor(events, IN_FLIGHT, client.append);
    await client.close();
    return lines / seconds;
  });
