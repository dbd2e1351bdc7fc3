import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { freePort } from '../support/processes/free-port.ts';
import { orderstream, type System, startSystem, WITHOUT_GATEWAY } from '../support/system.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,UnitPrice,CustomerID,Country';
const FILE = join(import.meta.dirname, '../support/small-shop.csv');

describe('a replay of a small sales file', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({}, WITHOUT_GATEWAY);
  });
  afterAll(() => system.stop());
  const replayOf = async (path: string, ...options: string[]) => {
    const { code, stdout, stderr } = await orderstream(['replay', path, ...options], system.env);
    return { code, stderr, report: JSON.parse(stdout || '{}') };
  };
  const replay = (...options: string[]) => replayOf(FILE, '--json', ...options);
  const file = async (content: string) => {
    const path = join(system.folder, 'sales.csv');
    await writeFile(path, content);
    return path;
  };

  it('exits with 0, reconciles stock and money, and counts skipped and bad rows', async () => {
    const { code, report, stderr } = await replay();
    expect(report.checks.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
    expect({ code, report }).toMatchObject({
      code: 0,
      report: {
        invoices: 10,
        orders: 6,
        lines: 10,
        skipped: { creditNotes: 1, lines: 4, invoices: 3 },
        alreadyThere: { items: 0, orders: 0 },
        shipped: 6,
        rejected: 0,
        unitsShipped: 52,
        revenue: { amount: 8986, currency: 'GBP' },
        revenues: [{ amount: 8986, currency: 'GBP' }],
        changed: [],
        badRows: [{ line: 16, reason: 'Quantity "many" is not a whole number' }],
      },
    });
    expect(stderr).toContain('orders 6/6');
  });

  it('does nothing in a second run, reports what exists already, and reconciles the same', async () => {
    const { code, report } = await replay('--concurrency', '4');
    const { events, shipped, unitsShipped, alreadyThere, changed } = report;
    expect({ code, events, shipped, unitsShipped, alreadyThere, changed }).toEqual({
      code: 0,
      events: 0,
      shipped: 6,
      unitsShipped: 52,
      alreadyThere: { items: 5, orders: 6 },
      changed: [],
    });
  });

  it('sells only the changed invoice when a row is corrected, names it, and reconciles', async () => {
    const corrected = (await readFile(FILE, 'utf8')).replace('1002,22001,TIN MUG,1', '1002,22001,TIN MUG,5');
    const { code, report } = await replayOf(await file(corrected.replaceAll('\n', '\r\n')), '--json');
    expect(report.checks.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
    expect({ code, shipped: report.shipped, alreadyThere: report.alreadyThere }).toEqual({
      code: 0,
      shipped: 6,
      alreadyThere: { items: 5, orders: 5 },
    });
    expect(report.changed).toEqual([{ invoice: '1002', orderIds: [expect.any(String)] }]);
  });

  it('names an invoice that cannot be one order, and replays the others', async () => {
    const price = { amount: 100, currency: 'EUR' };
    const item = { productId: '30001E', name: 'Euro cup', price, quantity: 0 };
    const token = system.token('operator');
    await call('POST', `${system.commandUrl}/api/v1/inventory/items`, { token, body: item });
    const rows = [
      '2001,30001E,CUP,2,2.50,501,UK',
      '2002,30001E,CUP,1,2.50,501,UK',
      '2002,22001,MUG,1,2.50,501,UK',
    ];
    const { code, report } = await replayOf(await file([HEADER, ...rows].join('\n')), '--json');
    expect({ code, shipped: report.shipped, revenues: report.revenues }).toEqual({
      code: 0,
      shipped: 1,
      revenues: [{ amount: 200, currency: 'EUR' }],
    });
    expect(report.badRows).toEqual([
      { line: 3, reason: 'invoice 2002 has items in EUR and GBP: an order has one currency' },
    ]);
  });

  it('ends at once and names the address when no API listens', async () => {
    const port = await freePort();
    const env = { ...system.env, QUERY_PORT: String(port) };
    const { code, stdout, stderr } = await orderstream(['replay', FILE], env);
    expect({ code, stdout, stderr: stderr.trim() }).toEqual({
      code: 1,
      stdout: '',
      stderr: `the query API at http://127.0.0.1:${port} does not answer: start it, or correct HOST and QUERY_PORT`,
    });
  });

  it('rejects a missing file, and a file that is no CSV, with one sentence and exit code 2', async () => {
    for (const file of ['nowhere.csv', join(import.meta.dirname, 'replay.spec.ts')]) {
      const { code, stdout, stderr } = await orderstream(['replay', file], system.env);
      expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({
        code: 2,
        stdout: '',
        lines: 1,
      });
    }
  });
});
