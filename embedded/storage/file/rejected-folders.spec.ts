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
import { startEmbeddedNode } from '../../node.ts';
import { failureOf, spawnNode, startChildNode } from '../../testing/child-node.ts';
import { killHard } from '../../testing/kill-hard.ts';
import { newEvent } from '../../testing/new-event.ts';
import { LogUnavailable } from '../errors.ts';
import { openEventLog } from '../sqlite-log.ts';

/** User id without permissions. */
const NOBODY = 65_534;
const SQLITE_HEADER_BYTES = 100;

const event = (filler = '') => jsonEvent({ type: 'Written', data: { filler } });

describe('a node with a folder that it cannot use', () => {
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

  const DAMAGED = 'events.db is damaged or is not an event log.';
  const withVersion99 = () => {
    const database = new Database(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
  };
  const withOtherProgram = () => {
    rmSync(file);
    const database = new Database(file);
    database.exec('CREATE TABLE songs (title TEXT)');
    database.close();
  };
  const overwriteMiddle = () => {
    const content = readFileSync(file);
    writeFileSync(file, content.fill('garbage ', content.length / 2, content.length / 2 + 20_000));
  };

  it.each([
    [
      'was written by a newer version',
      withVersion99,
      'it was written in version 99 of the format, and this program knows version 1.',
    ],
    ['belongs to another program', withOtherProgram, 'events.db is a database of another program.'],
    ['is not a database', () => writeFileSync(file, Buffer.alloc(50_000, 'garbage ')), DAMAGED],
    ['is truncated to half', () => truncateSync(file, 40_960), DAMAGED],
    ['is truncated within its header', () => truncateSync(file, SQLITE_HEADER_BYTES / 2), DAMAGED],
    [
      'is truncated to zero bytes',
      () => truncateSync(file, 0),
      'events.db is empty: its content was truncated.',
    ],
    ['is overwritten in its middle', overwriteMiddle, DAMAGED],
  ])('fails to start, and changes nothing, when events.db %s', async (_, change, reason) => {
    change();
    const before = readFileSync(file);

    await expect(startEmbeddedNode({ dataDir: folder, port: 0 })).rejects.toThrow(
      new LogUnavailable(folder, reason),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each([
    ['before it opens the database', withOtherProgram, 'events.db is a database of another program.'],
    ['after it has opened the database', overwriteMiddle, DAMAGED],
  ])('exits with one sentence when it rejects events.db %s', async (_, change, reason) => {
    change();

    expect(await failureOf(spawnNode('--port', '0', '--data', folder))).toEqual({
      code: 1,
      stderr: `The event log in ${folder} cannot be opened: ${reason}\n`,
    });
  });

  it('fails when it may not write to the folder', () => {
    chmodSync(folder, 0o555);
    // Root may write everywhere, so this process becomes another user. It has already loaded all its modules.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      const opening = () => openEventLog({ dataDir: folder });
      expect(opening).toThrow(LogUnavailable);
      expect(opening).toThrow(/the folder cannot be created or written\.|events\.db cannot be written\./);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('opens a copy of the files of a closed log', async () => {
    const copy = mkdtempSync(path.join(tmpdir(), 'embedded-copy-'));
    cpSync(folder, copy, { recursive: true });
    const log = openEventLog({ dataDir: copy });
    expect(log.headRevision('order-1')).toBe(299);
    await log.close();
    rmSync(copy, { recursive: true });
  });
});

describe('the folder of a killed node', () => {
  const APPENDS = 40;
  let killed: string;
  let folder: string;

  /** Its events are only in the write-ahead log. */
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
    'acknowledged events are missing; restore the missing files, or remove events.acknowledged to continue without these events.';
  it.each([
    ['its write-ahead log is truncated', () => truncateSync(wal(), 60_000), MISSING],
    ['its write-ahead log is damaged in the middle', () => overwrite(wal(), 0.5, 0.51), MISSING],
    ['its write-ahead log is damaged at the end', () => overwrite(wal(), 0.999, 1), MISSING],
    ['the header of its write-ahead log is damaged', () => overwrite(wal(), 0, 0.0001), MISSING],
    [
      'its events.db is damaged',
      () => overwrite(inFolder('events.db'), 0, 0.1),
      'events.db is damaged or is not an event log.',
    ],
  ])('is rejected and not changed when %s', (_, damage, reason) => {
    damage();
    const before = filesOf(folder);

    expect(() => openEventLog({ dataDir: folder })).toThrow(new LogUnavailable(folder, reason));
    expect(filesOf(folder)).toEqual(before);
  });

  it.each(['events.db', 'events.db-wal'])('is rejected when %s is missing', (name) => {
    rmSync(inFolder(name));
    expect(() => openEventLog({ dataDir: folder })).toThrow(new LogUnavailable(folder, MISSING));
  });

  it('is opened without the missing events after the operator removed events.acknowledged', async () => {
    overwrite(wal(), 0.5, 0.51);
    rmSync(inFolder('events.acknowledged'));

    const log = openEventLog({ dataDir: folder });
    expect(log.headRevision('order-1')).toBeGreaterThan(0);
    expect(log.headRevision('order-1')).toBeLessThan(APPENDS - 1);
    await log.close();
  });

  it('is opened with all events when events.acknowledged has an older position, as after a power failure', async () => {
    writeFileSync(inFolder('events.acknowledged'), `${'500'.padStart(16, '0')}\n`);

    const log = openEventLog({ dataDir: folder });
    expect(log.headRevision('order-1')).toBe(APPENDS - 1);
    await log.close();
  });
});
