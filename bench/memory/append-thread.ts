import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNode } from '../embedded-node/servers.ts';
import { Child } from '../harness/bench-process.ts';
import type { Row } from '../harness/table.ts';
import type { Answer, Request } from './append-process.ts';

const ROUNDS = 2;

/** A process with a thread for appends: all that may be under way at once, answered, and then to a node that has fallen silent. */
export async function measureAppendThread(args: readonly string[]): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-'));
  const node = await startNode(folder);
  const child = new Child<Request, Answer>(new URL('./append-process.js', import.meta.url), args);
  try {
    const url = `esdb://${node.address}?tls=false`;
    const rest = await child.ask({ url, append: 'one' });
    const rounds: Answer[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await child.ask({ url, append: 'all' }));
    if (rounds.some(({ failed }) => failed > 0)) throw new Error('appends to a node that answers failed');
    process.kill(node.pid, 'SIGSTOP');
    const silent = await child.ask({ url, append: 'all' }).finally(() => process.kill(node.pid, 'SIGCONT'));
    const most = (of: keyof Answer) => Math.max(...rounds.map((answer) => answer[of]));
    const many = `${silent.appends} appends under way`;
    const inMebibytes = (what: string, measured: number): Row => ({ what, unit: 'MiB', measured });
    return [
      inMebibytes('heap of the thread for appends at rest', rest.inThread),
      inMebibytes(`the most of it, ${many}`, most('mostInThread')),
      inMebibytes('the most of it when nobody answers', silent.mostInThread),
      inMebibytes(`more of the process, ${many}`, most('mostResident') - rest.resident),
      inMebibytes('the same when nobody answers', silent.mostResident - rest.resident),
    ];
  } finally {
    await child.end();
    await node.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
