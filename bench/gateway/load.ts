import { readFile } from 'node:fs/promises';
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
  { method, path, token, body, expected }: Repeated,
  inFlight: number,
  seconds: number,
): Promise<Load> {
  const pool = new Pool(url, { connections: inFlight });
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  const took: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const worker = async () => {
    for (let at = performance.now(); at < until; at = performance.now()) {
      const answer = await pool.request({ method, path, headers, ...(body && { body }) });
      const text = await answer.body.text();
      if (answer.statusCode !== expected)
        throw new Error(`${method} ${url}${path}: ${answer.statusCode} ${text}`);
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
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
