import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from './node.ts';
import { openEventLog } from './storage/sqlite-log.ts';
import { failureOf, killHard, nodeArguments, spawnNode } from './testing/child-node.ts';
import { newEvent } from './testing/new-event.ts';

const NOBODY = 65_534;
const FILE_LIMIT_BYTES = 1_000_000;
const SQLITE_HEADER_BYTES = 100;

const event = (filler = '') => jsonEvent({ type: 'Written', data: { filler } });

async function typesIn(client: EventStoreDBClient, stream: string): Promise<number> {
  let count = 0;
  for await (const { event: found } of client.readStream(stream)) if (found) count += 1;
  return count;
}

describe('a folder that cannot be served', () => {
  let folder: string;
  let file: string;

  /** A log with a few hundred events, closed. */
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-faults-'));
    file = path.join(folder, 'events.db');
    const log = openEventLog({ dataDir: folder });
    const events = Array.from({ length: 300 }, (_, i) => newEvent(`E${i}`, { data: Buffer.alloc(300, 'x') }));
    await log.append('order-1', events, 'no_stream');
    await log.close();
  });
  afterEach(() => {
    chmodSync(folder, 0o755);
    rmSync(folder, { recursive: true, force: true });
  });

  const refused = async (reason: string) => {
    const before = readFileSync(file);
    const failure = await failureOf(spawnNode('--port', '0', '--data', folder));
    expect(failure).toEqual({
      code: 1,
      said: `The event log in ${folder} cannot be opened: ${reason}\n`,
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  };

  it('because it was written by a newer version', async () => {
    const database = new Database(file);
    database.exec('PRAGMA user_version = 99');
    database.close();

    await refused('it was written in version 99 of the format, and this program knows version 1.');
  });

  it('because its file is of something else', async () => {
    rmSync(file);
    const database = new Database(file);
    database.exec('CREATE TABLE songs (title TEXT)');
    database.close();

    await refused('events.db is a database of something else.');
  });

  it.each([
    [
      'garbage',
      () => writeFileSync(file, Buffer.alloc(50_000, 'garbage ')),
      'events.db is damaged or no event log.',
    ],
    ['cut to half', () => truncateSync(file, 40_960), 'events.db is damaged or no event log.'],
    [
      'cut within its header',
      () => truncateSync(file, SQLITE_HEADER_BYTES / 2),
      'events.db is damaged or no event log.',
    ],
    ['cut to nothing', () => truncateSync(file, 0), 'events.db is empty: its content was cut off.'],
    [
      'overwritten in its middle',
      () => {
        const content = readFileSync(file);
        writeFileSync(file, content.fill('garbage ', content.length / 2, content.length / 2 + 20_000));
      },
      'events.db is damaged or no event log.',
    ],
  ])('because its file is %s', async (_, damage, reason) => {
    damage();
    await refused(reason);
  });

  it('because it may not be written', async () => {
    // Root may write everywhere: as somebody else then, if the program can be read by everybody.
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    chmodSync(folder, 0o555);
    const child = spawn(process.execPath, nodeArguments('--port', '0', '--data', folder), {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid !== undefined && { uid, gid: uid }),
    });

    expect(await failureOf(child)).toEqual({
      code: 1,
      said: `The event log in ${folder} cannot be opened: the folder cannot be made or written.\n`,
    });
  });

  it('with a copy of its files being fine', async () => {
    const copy = mkdtempSync(path.join(tmpdir(), 'embedded-copy-'));
    cpSync(folder, copy, { recursive: true });
    const log = openEventLog({ dataDir: copy });
    expect(log.headRevision('order-1')).toBe(299);
    await log.close();
    rmSync(copy, { recursive: true });
  });
});

describe('a disk that is full', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-full-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has appends refused with a sentence, keeps what it has, and is written again when there is room', async () => {
    const child = spawn(
      'bash',
      [
        '-c',
        `ulimit -S -f ${FILE_LIMIT_BYTES / 1000}; exec "$0" "$@"`,
        process.execPath,
        ...nodeArguments('--port', '0', '--data', folder),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const said: string[] = [];
    child.stderr.on('data', (text) => said.push(String(text)));
    const [ready] = await once(child.stdout, 'data');
    const client = EventStoreDBClient.connectionString(/esdb:\S+/.exec(String(ready))?.[0] ?? '');
    let written = 0;
    let refusal: unknown;
    while (refusal === undefined) {
      try {
        await client.appendToStream('large', event('x'.repeat(100_000)));
        written += 1;
      } catch (error) {
        refusal = error;
      }
    }
    const sentence =
      /The event log could not be written: the disk is full, or does not take what is written \(SQLITE_\w+\)\./;
    expect(String(refusal)).toMatch(sentence);
    expect(written).toBeGreaterThan(3);
    expect(await typesIn(client, 'large')).toBe(written);
    const again = event('x'.repeat(100_000));
    const credentials = { username: 'admin', password: 'changeit' };
    await expect(client.appendToStream('large', again, { credentials })).rejects.toThrow(sentence);

    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
    expect((await client.appendToStream('large', again)).nextExpectedRevision).toBe(BigInt(written));
    await client.dispose();
    await killHard(child);
    expect(said.join('')).toMatch(sentence);

    const node: EmbeddedNode = await startEmbeddedNode({ dataDir: folder, port: 0 });
    const reader = EventStoreDBClient.connectionString(node.connectionString);
    expect(await typesIn(reader, 'large')).toBe(written + 1);
    await reader.dispose();
    await node.stop();
  });
});
