import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../event-store/testing/eventually.ts';
import { Database } from './database.ts';
import { moveLog } from './move-log.ts';

let folder: string;
let database: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderstream-sqlite-'));
  database = new Database(join(folder, 'things.db'), 'CREATE TABLE things (id INTEGER, body TEXT)');
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const size = () => statSync(database.file).size;

function write(things: number): void {
  database.transaction(() => {
    for (let id = 0; id < things; id++)
      database.run('INSERT INTO things VALUES (?, ?)', id, 'x'.repeat(1_000));
  });
}

describe('the log of a file', () => {
  test('is moved into it while its connection stays open', async () => {
    write(100);
    const before = size();
    await moveLog(database.file, () => true);
    expect(size()).toBeGreaterThan(before + 100_000);
    expect(database.get('SELECT count(*) FROM things')).toEqual([100n]);
  });

  test('is left where it is when that is wanted no more', async () => {
    write(100);
    const before = size();
    await moveLog(database.file, () => false);
    expect(size()).toBe(before);
  });

  test('is moved by itself after many writes, whatever comes between', async () => {
    const before = size();
    for (let batch = 0; batch < 20; batch++) write(100);
    await eventually(() => expect(size()).toBeGreaterThan(before + 1_000_000));
    write(100);
    expect(database.get('SELECT count(*) FROM things')).toEqual([2_100n]);
  });
});
