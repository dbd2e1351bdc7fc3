import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../cli/replay/report/report.ts';
import { orderstream, type System, startSystem } from '../support/system.ts';
import { firstInvoices } from './first-invoices.ts';

const { REPLAY_FILE = '' } = process.env;
/** Few invoices: FerretDB reads the whole collection for most queries. */
const INVOICES = 50;
/** On a busy machine FerretDB takes minutes. The replay itself reports a read model that stopped. */
const LIMIT_MS = 15 * 60_000;

describe('a replay of the first invoices of a sales file', () => {
  let folder: string;
  let onMongoDb: System;
  let onSqlite: System;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orderstream-invoices-'));
    await firstInvoices(REPLAY_FILE, INVOICES, join(folder, 'first.csv'));
    [onMongoDb, onSqlite] = await Promise.all([startSystem(), startSystem({ READ_STORE_URL: undefined })]);
  });
  afterAll(async () => {
    await Promise.all([onMongoDb.stop(), onSqlite.stop()]);
    await rm(folder, { recursive: true });
  });

  const replay = async ({ env }: System): Promise<Report> => {
    const { code, stdout, stderr } = await orderstream(
      ['replay', join(folder, 'first.csv'), '--json', '--concurrency', '8'],
      env,
    );
    expect({ code, stderr: code === 0 ? '' : `${stderr}\n${stdout}` }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout.slice(stdout.indexOf('{')));
  };

  it('has the same result with read models in MongoDB as with SQLite', { timeout: LIMIT_MS }, async () => {
    const mongodb = await replay(onMongoDb);
    const sqlite = await replay(onSqlite);
    const results = ({ invoices, orders, lines, shipped, unitsShipped, revenue }: Report) => ({
      invoices,
      orders,
      lines,
      shipped,
      unitsShipped,
      revenue,
    });
    expect(results(mongodb)).toEqual(results(sqlite));
    expect(mongodb.checks.filter(({ ok }) => !ok)).toEqual([]);
    process.stdout.write(`${JSON.stringify({ ...mongodb, checks: undefined })}\n`);
  });
});
