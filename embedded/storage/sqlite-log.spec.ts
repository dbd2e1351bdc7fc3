import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newEvent } from '../testing/new-event.ts';
import { LogClosed, LogUnavailable } from './errors.ts';
import type { EventLog } from './log.ts';
import { openEventLog } from './sqlite-log.ts';

const types = (log: EventLog, stream: string) =>
  log.readStreamForwards(stream, 0, 100).events.map(({ type }) => type);

describe('the event log', () => {
  let folder: string;
  let log: EventLog;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'event-log-'));
    log = openEventLog({ dataDir: folder });
  });
  afterEach(async () => {
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('commits appends that arrive together in one transaction, in order of arrival', async () => {
    const groups: string[][] = [];
    log.onCommitted((events) => groups.push(events.map(({ type }) => type)));

    const outcomes = await Promise.all(
      ['A', 'B', 'C'].map((type) => log.append('s', [newEvent(type)], 'any')),
    );

    expect(groups).toEqual([['A', 'B', 'C']]);
    expect(outcomes.map((outcome) => outcome.status === 'written' && outcome.revision)).toEqual([0, 1, 2]);
  });

  it('rejects one append of a transaction and stores the others', async () => {
    const outcomes = await Promise.all([
      log.append('s', [newEvent('A')], 'no_stream'),
      log.append('s', [newEvent('B')], 5),
      log.append('s', [newEvent('C')], 0),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'wrong-revision', 'written']);
    expect(types(log, 's')).toEqual(['A', 'C']);
  });

  it('answers a repeated append with the first result after it is reopened, for the expected revisions any and no_stream', async () => {
    const first = await log.append('s', [newEvent('A'), newEvent('B')], 'no_stream');
    await log.close();
    log = openEventLog({ dataDir: folder });

    const position = first.status === 'written' ? first.position : undefined;
    const repeated = { status: 'repeated', revision: 1, position };
    expect(await log.append('s', [newEvent('A'), newEvent('B')], 'any')).toEqual(repeated);
    expect(await log.append('s', [newEvent('A'), newEvent('B')], 'no_stream')).toEqual(repeated);
    expect(types(log, 's')).toEqual(['A', 'B']);
  });

  it('keeps events, metadata, deletions and tombstones when it is reopened', async () => {
    await log.append('kept', [newEvent('A'), newEvent('B'), newEvent('C')], 'any');
    await log.append('$$kept', [newEvent('$metadata', { data: Buffer.from('{"$maxCount":2}') })], 'any');
    await log.append('deleted', [newEvent('D')], 'any');
    await log.softDelete('deleted', 'any');
    await log.tombstone('ended', 'any');
    const last = log.lastPosition();
    await log.close();
    log = openEventLog({ dataDir: folder });

    expect(types(log, 'kept')).toEqual(['B', 'C']);
    expect(log.readStreamForwards('deleted', 0, 10).status).toBe('missing');
    expect(log.readStreamForwards('ended', 0, 10).status).toBe('deleted');
    expect(log.lastPosition()).toBe(last);
    expect(await log.append('kept', [newEvent('E')], 2)).toMatchObject({ status: 'written', revision: 3 });
  });

  it('rejects the deletion of a stream whose metadata stream is tombstoned, but not an append to it', async () => {
    await log.append('order-1', [newEvent('A')], 'no_stream');
    await log.tombstone('$$order-1', 'any');

    const outcomes = await Promise.all([
      log.softDelete('order-1', 'any'),
      log.softDelete('order-1', 'any'),
      log.append('order-1', [newEvent('B')], 0),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['stream-deleted', 'stream-deleted', 'written']);
    expect(types(log, 'order-1')).toEqual(['A', 'B']);
  });

  it('stores stream names and event types that contain NUL', async () => {
    await log.append('null\u0000byte', [newEvent('type\u0000')], 'any');

    const [event] = log.readStreamForwards('null\u0000byte', 0, 1).events;
    expect([event?.stream, event?.type]).toEqual(['null\u0000byte', 'type\u0000']);
  });

  it('commits queued appends when it is closed, and rejects later ones', async () => {
    const queued = log.append('s', [newEvent('A')], 'any');
    await log.close();

    expect((await queued).status).toBe('written');
    await expect(log.append('s', [newEvent('B')], 'any')).rejects.toThrow(LogClosed);
  });

  it('cannot be opened twice', () => {
    expect(() => openEventLog({ dataDir: folder })).toThrow(
      new LogUnavailable(folder, 'another process has it open.'),
    );
  });
});

describe('openEventLog', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'event-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('rejects a file that is not a database', () => {
    writeFileSync(path.join(folder, 'events.db'), 'garbage '.repeat(1000));

    expect(() => openEventLog({ dataDir: folder })).toThrow('events.db is damaged or is not an event log.');
  });

  it('rejects a database of another program', () => {
    const other = new Database(path.join(folder, 'events.db'));
    other.exec('CREATE TABLE letters (a TEXT)');
    other.close();

    expect(() => openEventLog({ dataDir: folder })).toThrow('events.db is a database of another program.');
  });

  it('rejects a log of a newer version', async () => {
    await openEventLog({ dataDir: folder }).close();
    const newer = new Database(path.join(folder, 'events.db'));
    newer.exec('PRAGMA user_version = 7');
    newer.close();

    expect(() => openEventLog({ dataDir: folder })).toThrow(
      'it was written in version 7 of the format, and this program knows version 1.',
    );
  });

  it('rejects a folder that cannot be created', () => {
    writeFileSync(path.join(folder, 'file'), '');

    expect(() => openEventLog({ dataDir: path.join(folder, 'file', 'data') })).toThrow(
      'the folder cannot be created or written.',
    );
  });
});

describe('a log in memory', () => {
  it('is empty when it is opened again', async () => {
    const log = openEventLog({ memory: true });
    await log.append('s', [newEvent('A')], 'no_stream');
    expect(types(log, 's')).toEqual(['A']);
    await log.close();

    const other = openEventLog({ memory: true });
    expect(other.readStreamForwards('s', 0, 1).status).toBe('missing');
    await other.close();
  });
});
