import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Report } from '../../cli/replay/report/report.ts';
import { call } from '../support/http.ts';
import { CommandProcess } from '../support/processes/command-process.ts';
import { momentsOfLeg } from '../support/random-choices.ts';
import { orderstream, type System, startSystem } from '../support/system.ts';

/** A sales file of one's own: `REPLAY_FILE=invoices.csv npm run test:replay`. */
const FILE = process.env.REPLAY_FILE ?? '';
const LIMIT_MS = 10 * 60_000;
/** Once some orders are shipped, the kill comes within this: long before the last of them. */
const MIDDLE_MS = 2_000;

/** Replays the file through a running system; answers its report, and fails unless it ends with 0. */
async function replay(system: System, ...options: string[]): Promise<Report> {
  const { code, stdout, stderr } = await orderstream(['replay', FILE, '--json', ...options], system.env);
  const report = stdout.trim() === '' ? undefined : (JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report);
  const failed = report?.checks.filter(({ ok }) => !ok);
  expect({ code, failed, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, failed: [], stderr: '' });
  if (!report) throw new Error('no report');
  const { checks, badRows, ...figures } = report;
  process.stdout.write(`${JSON.stringify({ options, ...figures })}\n`);
  return report;
}

describe.skipIf(FILE === '')('a whole sales file', () => {
  let system: System;
  afterEach(() => system.stop());

  it('factor 1: every order is shipped, with 32 in flight', { timeout: LIMIT_MS }, async () => {
    system = await startSystem();
    const report = await replay(system, '--concurrency', '32');
    expect(report.shipped).toBe(report.orders);
  });

  it('factor 0.6: what cannot be held is rejected, and nothing stays held', {
    timeout: LIMIT_MS,
  }, async () => {
    system = await startSystem();
    const report = await replay(system, '--stock-factor', '0.6');
    expect(report.rejected).toBeGreaterThan(0);
    expect(report.shipped + report.rejected).toBe(report.orders);
  });

  it('256 in flight', { timeout: LIMIT_MS }, async () => {
    system = await startSystem();
    const report = await replay(system, '--concurrency', '256');
    expect(report.shipped).toBe(report.orders);
  });

  it('killed in the middle: a second run of the same file ends with the same books', {
    timeout: LIMIT_MS,
  }, async () => {
    system = await startSystem();
    const moments = momentsOfLeg('whole-file replay')('the middle');
    const first = new CommandProcess(['replay', FILE], system.env);
    first.start();
    await untilSomeShipped(system, 100);
    await sleep(moments.below(MIDDLE_MS));
    await Promise.all([first.kill(), system.kill()]);
    expect(first.kills, 'it had not come to its end').toBe(1);

    await system.restart();
    const second = await replay(system);
    expect(second.shipped).toBe(second.orders);
    const again = await replay(system);
    expect([again.unitsShipped, again.revenue, again.events]).toEqual([
      second.unitsShipped,
      second.revenue,
      0,
    ]);
  });
});

async function untilSomeShipped(system: System, count: number): Promise<void> {
  for (;;) {
    const url = `${system.queryUrl}/api/v1/orders?status=shipped&limit=${count}`;
    const { body } = await call('GET', url, { token: system.token('operator') });
    if (body?.items?.length >= count) return;
    await sleep(100);
  }
}
