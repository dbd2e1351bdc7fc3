import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, expect } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../node.ts';
import type { Schedule } from '../schedule.ts';

/** A schedule whose scavenges run until they are stopped. */
export const ENDLESS: Partial<Schedule> = { minPauseMs: 2 ** 31 - 1 };

/** Starts a node in a new folder before each test, and stops it afterwards. */
export function useNode(scavengeSchedule: Partial<Schedule> = {}) {
  let folder: string;
  let node: EmbeddedNode;
  let client: EventStoreDBClient;

  const start = async () => {
    node = await startEmbeddedNode({ dataDir: folder, port: 0, scavengeSchedule });
    client = EventStoreDBClient.connectionString(node.connectionString);
  };
  const stop = async () => {
    await client.dispose();
    await node.stop();
  };
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'scavenging-'));
    await start();
  });
  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const append = (stream: string, ...types: string[]) =>
    client.appendToStream(
      stream,
      types.map((type) => jsonEvent({ type, data: { type } })),
    );
  const call = async (method: string, path: string, headers: Record<string, string> = { accept: '*/*' }) => {
    const response = await fetch(`http://127.0.0.1:${node.port}${path}`, { method, headers });
    return { status: response.status, body: await response.text() };
  };
  const callForJson = async (method: string, path: string) =>
    JSON.parse((await call(method, path, { accept: 'application/json' })).body);
  const last = () => callForJson('GET', '/admin/scavenge/last');
  const startScavenge = async (): Promise<string> =>
    (await callForJson('POST', '/admin/scavenge')).scavengeId;

  return {
    append,
    call,
    callForJson,
    last,
    startScavenge,
    client: () => client,
    port: () => node.port,
    restart: async () => {
      await stop();
      await start();
    },
    /** Appends six events, of which a scavenge removes three, and one after them. */
    fill: async () => {
      const a = await append('a', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5');
      await client.setStreamMetadata('a', { maxCount: 3 });
      const b = await append('b', 'B0');
      return { a, b };
    },
    /** Runs a scavenge to its end; returns its id. */
    scavenge: async (): Promise<string> => {
      const scavengeId = await startScavenge();
      await expect.poll(last).toMatchObject({ scavengeId, scavengeResult: 'Success' });
      return scavengeId;
    },
  };
}
