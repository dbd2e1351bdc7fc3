import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { quantile } from '../harness/paired-runs.ts';

/** A request that is sent again and again. */
export interface Repeated {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly body?: string;
  readonly expected: number;
}

export interface Load {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
}

/** Sends the request for some seconds, `inFlight` at a time. Throws on an unexpected status. */
export async function measureLoad(
  url: string,
  request: Repeated,
  inFlight: number,
  seconds: number,
): Promise<Load> {
  return measure(url, request, inFlight, async (send) => {
    const until = performance.now() + seconds * 1_000;
    const worker = async () => {
      while (performance.now() < until) await send();
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
  });
}

/** Maximum number of requests in flight at a rate that the system serves easily. */
const CONNECTIONS = 200;

/** Sends the request `perSecond` times a second for some seconds. Throws on an unexpected status. */
export async function measureAtRate(
  url: string,
  request: Repeated,
  perSecond: number,
  seconds: number,
): Promise<Load> {
  return measure(url, request, CONNECTIONS, async (send) => {
    const sent: Promise<void>[] = [];
    const startedAt = performance.now();
    while (sent.length < perSecond * seconds) {
      const due = ((performance.now() - startedAt) / 1_000) * perSecond;
      while (sent.length < due) sent.push(send());
      await sleep(1);
    }
    await Promise.all(sent);
  });
}

async function measure(
  url: string,
  { method, path, token, body, expected }: Repeated,
  connections: number,
  run: (send: () => Promise<void>) => Promise<void>,
): Promise<Load> {
  const pool = new Pool(url, { connections });
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  const took: number[] = [];
  const startedAt = performance.now();
  await run(async () => {
    const at = performance.now();
    const answer = await pool.request({ method, path, headers, ...(body && { body }) });
    const text = await answer.body.text();
    if (answer.statusCode !== expected)
      throw new Error(`${method} ${url}${path}: ${answer.statusCode} ${text}`);
    took.push(performance.now() - at);
  });
  const perSecond = took.length / ((performance.now() - startedAt) / 1_000);
  await pool.close();
  return { perSecond, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

/** Linux counts processor time in hundredths of a second. */
const MICROSECONDS_PER_TICK = 10_000;

/** Returns the processor time that a process has used so far, in microseconds. */
export async function processorTime(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
}
