import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderstream, type System, startSystem } from '../support/system.ts';

const FILE = join(import.meta.dirname, '../support/small-shop.csv');

describe('a replay of a small sales file', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());
  const replay = async (...options: string[]) => {
    const { code, stdout, stderr } = await orderstream(['replay', FILE, '--json', ...options], system.env);
    return { code, stderr, report: JSON.parse(stdout) };
  };

  it('ends with 0 and balanced books; what does not count is counted', async () => {
    const { code, report, stderr } = await replay();
    expect(report.checks.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
    expect({ code, report }).toMatchObject({
      code: 0,
      report: {
        invoices: 10,
        orders: 6,
        lines: 10,
        skipped: { creditNotes: 1, lines: 4, invoices: 3 },
        shipped: 6,
        rejected: 0,
        unitsShipped: 52,
        badRows: [{ line: 16, problem: 'Quantity "many" is not a whole number' }],
      },
    });
    expect(stderr).toContain('orders 6/6');
  });

  it('does nothing a second time, and ends with the same books', async () => {
    const { code, report } = await replay('--concurrency', '4');
    expect({ code, events: report.events, shipped: report.shipped, units: report.unitsShipped }).toEqual({
      code: 0,
      events: 0,
      shipped: 6,
      units: 52,
    });
  });

  it('refuses a file that is not there or not CSV in one sentence, with 2', async () => {
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
