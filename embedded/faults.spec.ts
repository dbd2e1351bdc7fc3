import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LogUnavailable } from './storage/errors.ts';
import { openEventLog } from './storage/sqlite-log.ts';
import { failureOf, nodeArguments, spawnNode, startChildNode } from './testing/child-node.ts';
import { killHard } from './testing/kill-hard.ts';
import { newEvent } from './testing/new-event.ts';
import { spawnWithParent } from './testing/spawn-with-parent.ts';

const NOBODY = 65_534;
const FILE_LIMIT_KB = 1_000;
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

  it('because its file is not writable', () => {
    chmodSync(folder, 0o555);
    // Root may write everywhere, so this process becomes another user. It has already loaded all its modules.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      const opening = () => openEventLog({ dataDir: folder });
      expect(opening).toThrow(LogUnavailable);
      expect(opening).toThrow(/the folder cannot be made or written\.|events\.db cannot be written\./);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
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

describe('a folder of a node that was killed', () => {
  const APPENDS = 40;
  let killed: string;
  let folder: string;

  /** Its events are in the write-ahead log only. */
  beforeAll(async () => {
    killed = mkdtempSync(path.join(tmpdir(), 'embedded-killed-'));
    const { child, connectionString } = await startChildNode('--data', killed);
    const client = EventStoreDBClient.connectionString(connectionString);
    for (let i = 0; i < APPENDS; i++) await client.appendToStream('order-1', event('x'.repeat(3_000)));
    await killHard(child);
    await client.dispose();
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-faults-'));
    cpSync(killed, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(() => rmSync(killed, { recursive: true }));

  const inFolder = (name: string) => path.join(folder, name);
  const wal = () => inFolder('events.db-wal');
  const overwrite = (file: string, from: number, to: number) => {
    const content = readFileSync(file);
    const [start, end] = [from, to].map((share) => Math.ceil(share * content.length));
    writeFileSync(file, content.fill('garbage ', start, end));
  };
  const filesOf = (where: string) =>
    readdirSync(where)
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(path.join(where, name)).toString('base64')]);

  const MISSING =
    'events that were acknowledged are not there any more; put back what is missing, or remove events.acknowledged to go on without it.';
  it.each([
    ['its write-ahead log is cut off', () => truncateSync(wal(), 60_000), MISSING],
    ['its write-ahead log is damaged in the middle', () => overwrite(wal(), 0.5, 0.51), MISSING],
    ['its write-ahead log is damaged at the end', () => overwrite(wal(), 0.999, 1), MISSING],
    ['its write-ahead log has lost its header', () => overwrite(wal(), 0, 0.0001), MISSING],
    [
      'its file is damaged',
      () => overwrite(inFolder('events.db'), 0, 0.1),
      'events.db is damaged or no event log.',
    ],
  ])('is refused and left as it was when %s', (_, damage, reason) => {
    damage();
    const before = filesOf(folder);

    expect(() => openEventLog({ dataDir: folder })).toThrow(new LogUnavailable(folder, reason));
    expect(filesOf(folder)).toEqual(before);
  });

  it.each(['events.db', 'events.db-wal'])('is refused when %s is gone', (name) => {
    rmSync(inFolder(name));
    expect(() => openEventLog({ dataDir: folder })).toThrow(new LogUnavailable(folder, MISSING));
  });

  it('is opened, without what is missing, once its owner has agreed to that', async () => {
    overwrite(wal(), 0.5, 0.51);
    rmSync(inFolder('events.acknowledged'));

    const log = openEventLog({ dataDir: folder });
    expect(log.headRevision('order-1')).toBeGreaterThan(0);
    expect(log.headRevision('order-1')).toBeLessThan(APPENDS - 1);
    await log.close();
  });

  it('is opened, whole, also when the power failed before it was written how far it had come', async () => {
    writeFileSync(inFolder('events.acknowledged'), `${'500'.padStart(16, '0')}\n`);

    const log = openEventLog({ dataDir: folder });
    expect(log.headRevision('order-1')).toBe(APPENDS - 1);
    await log.close();
  });
});

describe('a disk that is full', () => {
  const SENTENCE =
    /The event log could not be written: the disk is full, or does not take what is written \(SQLITE_\w+\)\./;
  const credentials = { username: 'admin', password: 'changeit' };
  const large = () => event('x'.repeat(100_000));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-full-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A shell's command line, which starts the node with `"$@"`, and the client of that node. */
  async function startFrom(script: string, ...values: string[]) {
    const node = [process.execPath, ...nodeArguments('--port', '0', '--data', folder)];
    const child = spawnWithParent('bash', ['-ec', script, ...values, ...node], { stdio: 'pipe' });
    const said: string[] = [];
    child.stderr.on('data', (text) => said.push(String(text)));
    const [ready] = await once(child.stdout, 'data');
    const client = EventStoreDBClient.connectionString(/esdb:\S+/.exec(String(ready))?.[0] ?? '');
    return { child, client, said };
  }

  /** @returns how many events were written */
  async function fill(client: EventStoreDBClient): Promise<number> {
    let written = 0;
    let refusal: unknown;
    while (refusal === undefined) {
      try {
        await client.appendToStream('large', large());
        written += 1;
      } catch (error) {
        refusal = error;
      }
    }
    expect(String(refusal)).toMatch(SENTENCE);
    await expect(client.appendToStream('large', large(), { credentials })).rejects.toThrow(SENTENCE);
    expect(written).toBeGreaterThan(3);
    expect(await typesIn(client, 'large')).toBe(written);
    return written;
  }

  async function eventsKeptIn(where: string): Promise<number> {
    const log = openEventLog({ dataDir: where });
    const { events } = log.readStreamForwards('large', 0, 1_000);
    await log.close();
    return events.length;
  }

  it('by a limit: refuses with a sentence, keeps what it has, and writes again when there is room', async () => {
    const { child, client, said } = await startFrom('ulimit -S -f "$0"; exec "$@"', String(FILE_LIMIT_KB));
    const written = await fill(client);

    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
    expect((await client.appendToStream('large', large())).nextExpectedRevision).toBe(BigInt(written));
    await client.dispose();
    await killHard(child);

    expect(said.join('')).toMatch(SENTENCE);
    expect(await eventsKeptIn(folder)).toBe(written + 1);
  });

  /** A file system of its own, seen by the node alone; told by a line that there is room, by another to kill the node. */
  const ON_SMALL_DISK = `
    mount -t tmpfs -o size=3m none "$0"
    head -c 1000000 /dev/zero > "$0/ballast"
    kept=$1; shift
    "$@" & node=$!
    read -r; rm "$0/ballast"; echo room
    read -r; kill -9 $node; wait $node || cp "$0"/* "$kept"`;
  const mayMount = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

  it.runIf(mayMount).each([16, 24, 28, 36])('from the start, with %i KiB: says so and ends', async (kib) => {
    const script = `mount -t tmpfs -o size=${kib}k none "$0"; exec "$@"`;
    const node = [process.execPath, ...nodeArguments('--port', '0', '--data', folder)];
    const child = spawnWithParent('unshare', ['-Urm', 'bash', '-ec', script, folder, ...node], {
      stdio: 'pipe',
    });

    expect(await failureOf(child)).toEqual({
      code: 1,
      said: `The event log in ${folder} cannot be opened: the disk is full, or does not take what is written.\n`,
    });
  });

  it.runIf(mayMount)('in truth: the same', async () => {
    const kept = mkdtempSync(path.join(tmpdir(), 'embedded-kept-'));
    const script = 'exec unshare -Urm bash -ec "$0" "$@"';
    const { child, client, said } = await startFrom(script, ON_SMALL_DISK, folder, kept);
    const written = await fill(client);

    child.stdin.write('\n');
    await once(child.stdout, 'data');
    expect((await client.appendToStream('large', large())).nextExpectedRevision).toBe(BigInt(written));
    await client.dispose();
    child.stdin.write('\n');
    await once(child, 'exit');

    expect(said.join('')).toMatch(SENTENCE);
    expect(await eventsKeptIn(kept)).toBe(written + 1);
    rmSync(kept, { recursive: true });
  });
});
