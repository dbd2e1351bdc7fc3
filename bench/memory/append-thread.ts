import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNode } from '../embedded-node/servers.ts';
import { BenchProcess } from '../harness/bench-process.ts';
import type { Row } from '../harness/table.ts';
import type { Measurement, Request } from './append-process.ts';

const ROUNDS = 2;

/** Measures the append worker thread with the maximum of appends in flight: answered, and to a node that does not respond. */
export async function measureAppendThread(args: readonly string[]): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-'));
  const node = await startNode(folder);
  const child = new BenchProcess<Request, Measurement>(new URL('./append-process.js', import.meta.url), args);
  try {
    const url = `esdb://${node.address}?tls=false`;
    const rest = await child.request({ url, append: 'one' });
    const rounds: Measurement[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await child.request({ url, append: 'all' }));
    if (rounds.some(({ failed }) => failed > 0)) throw new Error('appends to a node that answers failed');
    process.kill(node.pid, 'SIGSTOP');
    const silent = await child
      .request({ url, append: 'all' })
      .finally(() => process.kill(node.pid, 'SIGCONT'));
    const max = (of: keyof Measurement) => Math.max(...rounds.map((answer) => answer[of]));
    const many = `${silent.appends} appends in flight`;
    const inMebibytes = (what: string, measured: number): Row => ({ what, unit: 'MiB', measured });
    return [
      inMebibytes('heap of the thread for appends at rest', rest.inThread),
      inMebibytes(`maximum of it, ${many}`, max('maxInThread')),
      inMebibytes('maximum of it when the node does not respond', silent.maxInThread),
      inMebibytes(`growth of the process, ${many}`, max('maxResident') - rest.resident),
      inMebibytes('the same when the node does not respond', silent.maxResident - rest.resident),
    ];
  } finally {
    await child.end();
    await node.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
