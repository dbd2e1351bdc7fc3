import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CrashTest } from './harness/crash-test.ts';
import { hasLockedFile } from './harness/processes/locked-files.ts';
import type { RoleProcess } from './harness/processes/role-process.ts';

/** Health of a projector that waits for the lease. */
const WAITING = 'another projector writes, or is about to: this one takes over';

const ROUNDS = 4;
const TAKEOVER_WITHIN_MS = 5_000;

describe('two projectors', () => {
  let crashTest: CrashTest;
  afterEach(() => crashTest.stop());

  /** Starts a system with customers. Returns its writing and its waiting projector. */
  async function startTwoProjectors(name: string): Promise<[RoleProcess, RoleProcess]> {
    crashTest = await CrashTest.create(name);
    const { fleet, customers } = crashTest;
    for (const role of ['eventstore', 'write-side', 'process-managers', 'read-api']) fleet.start(role);
    const writing = fleet.start('projections', 'first projector');
    await writing.waitForCheck('projections', 'ok');
    const waiting = fleet.start('projections', 'second projector');
    await fleet.ready();
    await customers.createStock();
    customers.startShopping(6);
    return [writing, waiting];
  }

  /** Returns the milliseconds until the projector writes. */
  async function msUntilWriting(projector: RoleProcess): Promise<number> {
    const startedAt = performance.now();
    await projector.waitForCheck('projections', 'ok');
    return Math.round(performance.now() - startedAt);
  }

  it('the waiting one takes over within 5 s after the writing one is killed', async () => {
    let [writing, waiting] = await startTwoProjectors('a projector is killed');
    const random = crashTest.random('kills');
    const takeoverMs: number[] = [];
    await crashTest.during(
      (async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await waiting.waitForCheck('projections', WAITING);
          await sleep(random.below(1_500));
          await writing.kill();
          takeoverMs.push(await msUntilWriting(waiting));
          writing.start();
          [writing, waiting] = [waiting, writing];
        }
      })(),
    );
    await crashTest.verify({ takeoverMs });
    expect(Math.max(...takeoverMs)).toBeLessThan(TAKEOVER_WITHIN_MS);
  });

  it('a writing one that was paused and resumed after the takeover overwrites nothing', async () => {
    let [writing, waiting] = await startTwoProjectors('a projector is paused');
    const { customers } = crashTest;
    const random = crashTest.random('pauses');
    const takeoverMs: number[] = [];
    await crashTest.during(
      (async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await waiting.waitForCheck('projections', WAITING);
          await pauseWithoutLock(writing, () => sleep(random.below(1_500)));
          takeoverMs.push(await msUntilWriting(waiting));
          await customers.waitUntilSettled(await customers.placeOrder());
          await sleep(random.below(500));
          writing.resume();
          await writing.waitForCheck('projections', WAITING);
          [writing, waiting] = [waiting, writing];
        }
      })(),
    );
    await crashTest.verify({ takeoverMs });
    expect(Math.max(...takeoverMs)).toBeLessThan(TAKEOVER_WITHIN_MS);
  });

  /** Pauses a projector while it holds no file lock: with a lock, no other projector could write until it resumes. */
  async function pauseWithoutLock(projector: RoleProcess, waitBefore: () => Promise<void>): Promise<void> {
    for (;;) {
      await waitBefore();
      projector.pause();
      if (!hasLockedFile(crashTest.fleet.readStoreFolder)) return;
      projector.resume();
    }
  }
});
