import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeArguments } from '../child-node.ts';
import { findCalls, type SystemCall, systemCallsIn, writesBeforeSync } from './system-calls.ts';

const APPENDS = 300;
const IN_FLIGHT = 32;
const CALLS = 'trace=fsync,fdatasync,pwrite64,pwritev,write,writev,sendto,sendmsg';
/** Long enough for whole pages of the log, and for many responses in one write. */
const MAX_WRITE_CHARS = '1000000';

describe('the system calls of a node', () => {
  let folder: string;
  let calls: SystemCall[];
  const streams = Array.from({ length: APPENDS }, (_, i) => `watched-${1000 + i}-stream`);

  beforeAll(async () => {
    if (spawnSync('strace', ['-V']).error) {
      throw new Error('This test needs strace: apt-get install -y strace.');
    }
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-strace-'));
    const trace = path.join(folder, 'trace');
    const node = nodeArguments('--port', '0', '--data', path.join(folder, 'data'));
    const watched = ['-f', '-y', '-s', MAX_WRITE_CHARS, '-e', CALLS, '-o', trace, process.execPath, ...node];
    const child = spawn('strace', watched, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [ready] = await once(child.stdout, 'data');
    const client = EventStoreDBClient.connectionString(/esdb:\S+/.exec(String(ready))?.[0] ?? '');
    await load(client);
    await client.dispose();
    // The node itself: strace has no other child, and ends with it.
    const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
    const exited = once(child, 'exit');
    process.kill(Number(pid), 'SIGTERM');
    await exited;
    calls = systemCallsIn(readFileSync(trace, 'utf8'));
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Sends concurrent batched appends, then one request of each other kind that writes. */
  async function load(client: EventStoreDBClient): Promise<void> {
    let next = 0;
    const worker = async () => {
      for (let i = next++; i < APPENDS; i = next++) {
        await client.appendToStream(streams[i] ?? '', jsonEvent({ type: 'Watched', data: { i } }));
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    const credentials = { username: 'admin', password: 'changeit' };
    await client.appendToStream('unary', jsonEvent({ type: 'Watched', data: {} }), { credentials });
    await client.setStreamMetadata('unary', { maxCount: 5 });
    await client.deleteStream('unary');
    await client.tombstoneStream('unary');
  }

  it('write each append to the log, sync it, and then send the response', () => {
    const journeys = streams.map((stream) => findCalls(calls, stream));

    expect(
      journeys.filter(({ written, synced, sent }) => !(0 <= written && written < synced && synced < sent)),
    ).toEqual([]);
  });

  it('never send a response while a write to the log is not synced', () => {
    expect(calls.filter(({ kind }) => kind === 'sync-log').length).toBeGreaterThan(APPENDS / IN_FLIGHT);
    expect(writesBeforeSync(calls)).toEqual([]);
  });
});
