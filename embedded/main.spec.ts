import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, spawnNode, startChildNode } from './testing/child-node.ts';
import { killHard } from './testing/kill-hard.ts';

describe('the program main.ts', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-main-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('exits with one sentence when another node has the folder open, and the other node continues', async () => {
    const first = await startChildNode('--data', folder);
    const failure = await failureOf(spawnNode('--port', '0', '--data', folder));

    expect(failure).toEqual({
      code: 1,
      stderr: `The event log in ${folder} cannot be opened: another process has it open.\n`,
    });
    const client = EventStoreDBClient.connectionString(first.connectionString);
    expect((await client.appendToStream('s', jsonEvent({ type: 'A', data: {} }))).success).toBe(true);
    await client.dispose();
    await killHard(first.child);
  });

  it('rejects a port that is not a number', async () => {
    const { code, stderr } = await failureOf(spawnNode('--port', 'abc', '--memory'));

    expect(code).toBe(1);
    expect(stderr).toContain('--port must be a whole number from 0 to 65535; got abc.');
  });

  it('exits with code 0 on SIGTERM', async () => {
    const { child } = await startChildNode('--data', folder);
    child.kill('SIGTERM');

    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('exits when the IPC channel to its parent closes', async () => {
    const { child } = await startChildNode('--memory');
    child.disconnect();

    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
