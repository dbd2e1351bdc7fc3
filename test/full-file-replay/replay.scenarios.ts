import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Report } from '../../cli/replay/report/report.ts';
import { call } from '../support/http.ts';
import { CommandProcess } from '../support/processes/command-process.ts';
import { createRandomChoices } from '../support/random-choices.ts';
import { orderstream, type System, startSystem } from '../support/system.ts';

/** Path of a sales file: `REPLAY_FILE=invoices.csv npm run test:replay`. */
const FILE = process.env.REPLAY_FILE ?? '';
const LIMIT_MS = 10 * 60_000;
/** The kill comes at a random time within this after the first orders have shipped, long before the last. */
const KILL_WITHIN_MS = 2_000;

/** Replays the file through a running system; returns its report. Fails unless the replay exits with 0. */
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

describe.skipIf(FILE === '')('a replay of a whole sales file', () => {
  let system: System;
  afterEach(() => system.stop());

  it('with factor 1 and 32 orders in flight ships every order', { timeout: LIMIT_MS }, async () => {
    system = await startSystem();
    const report = await replay(system, '--concurrency', '32');
    expect(report.shipped).toBe(report.orders);
  });

  it('with factor 0.6 rejects orders that are out of stock, and leaves nothing reserved', {
    timeout: LIMIT_MS,
  }, async () => {
    system = await startSystem();
    const report = await replay(system, '--stock-factor', '0.6');
    expect(report.rejected).toBeGreaterThan(0);
    expect(report.shipped + report.rejected).toBe(report.orders);
  });

  it('with 256 orders in flight ships every order', { timeout: LIMIT_MS }, async () => {
    system = await startSystem();
    const report = await replay(system, '--concurrency', '256');
    expect(report.shipped).toBe(report.orders);
  });

  it('that is killed midway can be repeated: the second run ships every order once', {
    timeout: LIMIT_MS,
  }, async () => {
    system = await startSystem();
    const random = createRandomChoices('whole-file replay')('kill');
    const first = new CommandProcess(['replay', FILE], system.env);
    first.start();
    await untilSomeShipped(system, 100);
    await sleep(random.below(KILL_WITHIN_MS));
    await Promise.all([first.kill(), system.kill()]);
    expect(first.kills, 'the replay was still running').toBe(1);

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
