import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Leg } from './harness/crash-test.ts';
import { isHeldUpWriting } from './harness/processes/locked-files.ts';
import type { RoleProcess } from './harness/processes/role-process.ts';

/** Health of a projector that waits for the lease. */
const WAITING = 'another projector writes, or is about to: this one takes over';

const ROUNDS = 4;
const WITHIN_MS = 5_000;

describe('two projectors', () => {
  let leg: Leg;
  afterEach(() => leg.end());

  /** With customers in it, the first of them writing and the other waiting. */
  async function open(name: string): Promise<[RoleProcess, RoleProcess]> {
    leg = await Leg.open(name);
    const { fleet, customers } = leg;
    for (const role of ['eventstore', 'write-side', 'process-managers', 'read-api']) fleet.start(role);
    const writing = fleet.start('projections', 'first projector');
    await writing.says('projections', 'ok');
    const waiting = fleet.start('projections', 'second projector');
    await fleet.ready();
    await customers.stockUp();
    customers.come(6);
    return [writing, waiting];
  }

  /** Milliseconds until it writes. */
  async function takesOver(projector: RoleProcess): Promise<number> {
    const began = performance.now();
    await projector.says('projections', 'ok');
    return Math.round(performance.now() - began);
  }

  async function moveOn(): Promise<void> {
    const { customers } = leg;
    await customers.settled(await customers.order());
  }

  it('one works, and the other takes over within 5 s when it dies', async () => {
    let [writing, waiting] = await open('a projector dies');
    const moments = leg.moments('deaths');
    const took: number[] = [];
    await leg.during(
      (async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await waiting.says('projections', WAITING);
          await sleep(moments.below(1_500));
          await writing.kill();
          took.push(await takesOver(waiting));
          writing.start();
          [writing, waiting] = [waiting, writing];
        }
      })(),
    );
    await leg.reckon({ took });
    expect(Math.max(...took)).toBeLessThan(WITHIN_MS);
  });

  it('one that was held up and comes back late overwrites nothing', async () => {
    let [writing, waiting] = await open('a projector is held up');
    const moments = leg.moments('pauses');
    const took: number[] = [];
    await leg.during(
      (async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await waiting.says('projections', WAITING);
          await heldUp(writing, () => sleep(moments.below(1_500)));
          took.push(await takesOver(waiting));
          await moveOn();
          await sleep(moments.below(500));
          writing.resume();
          await writing.says('projections', WAITING);
          [writing, waiting] = [waiting, writing];
        }
      })(),
    );
    await leg.reckon({ took });
    expect(Math.max(...took)).toBeLessThan(WITHIN_MS);
  });

  /** At a moment at which it has no file locked: nobody could go on then, until it does. */
  async function heldUp(projector: RoleProcess, moment: () => Promise<void>): Promise<void> {
    for (;;) {
      await moment();
      projector.pause();
      if (!isHeldUpWriting(leg.fleet.readStoreFolder)) return;
      projector.resume();
    }
  }
});
