import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEventLog } from './storage/sqlite-log.ts';
import { failureOf } from './testing/child-node.ts';
import { spawnInShell, startFullNode, startInShell } from './testing/full-node.ts';

const FILE_LIMIT_KIB = 1_000;

const event = (filler = '') => jsonEvent({ type: 'Written', data: { filler } });

async function countEvents(client: EventStoreDBClient, stream: string): Promise<number> {
  let count = 0;
  for await (const { event: found } of client.readStream(stream)) if (found) count += 1;
  return count;
}

describe('a node whose disk is full', () => {
  const SENTENCE = /The event log could not be written: the disk is full or rejects writes \(SQLITE_\w+\)\./;
  const credentials = { username: 'admin', password: 'changeit' };
  const large = () => event('x'.repeat(100_000));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-full-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Appends until the disk is full; returns the number of written events. */
  async function fill(client: EventStoreDBClient): Promise<number> {
    let written = 0;
    let error: unknown;
    while (error === undefined) {
      try {
        await client.appendToStream('large', large());
        written += 1;
      } catch (thrown) {
        error = thrown;
      }
    }
    expect(String(error)).toMatch(SENTENCE);
    await expect(client.appendToStream('large', large(), { credentials })).rejects.toThrow(SENTENCE);
    expect(written).toBeGreaterThan(3);
    expect(await countEvents(client, 'large')).toBe(written);
    return written;
  }

  async function eventsKeptIn(where: string): Promise<number> {
    const log = openEventLog({ dataDir: where });
    const { events } = log.readStreamForwards('large', 0, 1_000);
    await log.close();
    return events.length;
  }

  it('rejects appends with a sentence, keeps its events, and accepts appends when there is room again (size limit)', async () => {
    const node = await startFullNode(folder, FILE_LIMIT_KIB);
    const client = EventStoreDBClient.connectionString(node.connectionString);
    const written = await fill(client);

    node.makeRoom();
    expect((await client.appendToStream('large', large())).nextExpectedRevision).toBe(BigInt(written));
    await client.dispose();
    await node.kill();

    expect(node.stderr()).toMatch(SENTENCE);
    expect(await eventsKeptIn(folder)).toBe(written + 1);
  });

  /** Runs the script `$0` where it may mount file systems that no other process sees. */
  const IN_OWN_MOUNTS = 'exec unshare -Urm bash -ec "$0" "$@"';
  /** Mounts a small file system. The first line on standard input makes room, the second kills the node. */
  const ON_SMALL_DISK = `
    mount -t tmpfs -o size=3m none "$0"
    head -c 1000000 /dev/zero > "$0/ballast"
    kept=$1; shift
    "$@" & node=$!
    read -r; rm "$0/ballast"; echo room
    read -r; kill -9 $node; wait $node || cp "$0"/* "$kept"`;
  const mayMount = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

  it.runIf(mayMount).each([16, 24, 28, 36])(
    'exits with one sentence when a disk of %i KiB is full at the start',
    async (kib) => {
      const script = `mount -t tmpfs -o size=${kib}k none "$0"; exec "$@"`;

      expect(await failureOf(spawnInShell(folder, IN_OWN_MOUNTS, script, folder))).toEqual({
        code: 1,
        stderr: `The event log in ${folder} cannot be opened: the disk is full or rejects writes.\n`,
      });
    },
  );

  it.runIf(mayMount)(
    'rejects appends with a sentence, keeps its events, and accepts appends when there is room again (real disk)',
    async () => {
      const kept = mkdtempSync(path.join(tmpdir(), 'embedded-kept-'));
      const { child, connectionString, stderr } = await startInShell(
        folder,
        IN_OWN_MOUNTS,
        ON_SMALL_DISK,
        folder,
        kept,
      );
      const client = EventStoreDBClient.connectionString(connectionString);
      const written = await fill(client);

      child.stdin.write('\n');
      await once(child.stdout, 'data');
      expect((await client.appendToStream('large', large())).nextExpectedRevision).toBe(BigInt(written));
      await client.dispose();
      child.stdin.write('\n');
      await once(child, 'exit');

      expect(stderr()).toMatch(SENTENCE);
      expect(await eventsKeptIn(kept)).toBe(written + 1);
      rmSync(kept, { recursive: true });
    },
  );
});
