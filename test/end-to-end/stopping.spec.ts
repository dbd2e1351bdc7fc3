import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { killNow } from '../../embedded/testing/kill-hard.ts';
import type { RunningProgram } from '../support/processes/launch-program.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { readyUrls, type TestEnvironment } from '../support/system.ts';

const systems = new StartedSystems();
afterEach(() => systems.end());

const ROLES = ['eventstore', 'projections', 'process-managers', 'write-side', 'gateway', 'read-api'];

/** Places orders endlessly and ignores errors. */
function keepBusy(environment: TestEnvironment): () => void {
  const shop = createShopClient(environment);
  let isOver = false;
  const buy = async () => {
    while (!isOver) {
      await shop.place({ items: [{ productId: 'mug', quantity: 1 }] }).catch(() => sleep(10));
      await shop.get('/orders').catch(() => {});
    }
  };
  for (let n = 0; n < 6; n += 1) void buy();
  return () => {
    isOver = true;
  };
}

const stackTrace = /^\s+at .*:\d+:\d+\)?$/m;
const inLog = /\\n\s+at /;

/** Returns the child processes of a process. */
const childrenOf = async (pid: number | undefined): Promise<readonly number[]> => {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
};

describe('a signal to every process at once', () => {
  it('ends a busy system with exit code 0, also when the signal is repeated', async () => {
    const here = await systems.createEnvironment();
    const system = systems.start(here);
    await waitUntilServing(system, readyUrls(here));
    await createShopClient(here).createItem('mug', 1_000_000);
    const rest = keepBusy(here);
    await expect
      .poll(async () => (await createShopClient(here).get('/orders')).body.items.length)
      .toBeGreaterThan(10);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM', 'SIGINT']) {
      process.kill(-Number(system.pid), signal);
      await sleep(5);
    }
    const { code, stdout, stderr } = await system.ended;
    rest();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(inLog);
  });

  it('ends a system with exit code 0 during its start', async () => {
    const here = await systems.createEnvironment();
    const stages: readonly ((pid: number | undefined) => Promise<boolean>)[] = [
      async (pid) => (await childrenOf(pid)).length === 1,
      async (pid) => (await childrenOf(pid)).length === 3,
    ];
    for (const hasReachedStage of stages) {
      const system = systems.start(here);
      await expect.poll(() => system.hasEnded() || hasReachedStage(system.pid), { interval: 5 }).toBe(true);
      process.kill(-Number(system.pid), 'SIGTERM');
      expect(await system.ended).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('ends roles in separate processes with exit code 0, including the event store', async () => {
    const here = await systems.createEnvironment();
    const started = ROLES.map((role) => systems.start(here, role));
    await waitUntilServing(started.at(-1) as RunningProgram, readyUrls(here));
    await createShopClient(here).createItem('mug', 1_000_000);
    const rest = keepBusy(here);
    await expect
      .poll(async () => (await createShopClient(here).get('/orders')).body.items.length)
      .toBeGreaterThan(10);
    for (const role of started) role.signal('SIGTERM');
    for (const role of started) role.signal('SIGTERM');
    const ends = await Promise.all(started.map(({ ended }) => ended));
    rest();
    expect(ends.map(({ code }) => code)).toEqual(ROLES.map(() => 0));
    expect(ends.map(({ stderr }) => stderr)).toEqual(ROLES.map(() => ''));
    for (const { stdout } of ends) expect(stdout).not.toMatch(inLog);
  });
});

describe.runIf(process.platform === 'linux')('a process of a system', () => {
  it.each([0, 1, 2])(
    'that is killed with -9 ends the whole system with one sentence: child %i',
    async (index) => {
      const here = await systems.createEnvironment();
      const system = systems.start(here);
      await waitUntilServing(system, readyUrls(here));
      const children = await childrenOf(system.pid);
      expect(children).toHaveLength(3);
      killNow(Number(children[index]));
      const { code, stdout, stderr } = await system.ended;
      const role = ['eventstore', 'projections read-api', 'gateway'][index];
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `"orderstream start ${role}" was killed by SIGKILL: all that was started with it stops too.\n`,
      });
      expect(stdout).not.toMatch(stackTrace);
    },
  );

  it('that npm started ends when npm is killed with -9', async () => {
    const here = await systems.createEnvironment();
    const system = systems.startThroughNpm(here);
    await waitUntilServing(system, readyUrls(here));
    const { stdout } = await system.kill();
    expect(stdout).toContain('"cause":"npm has ended"');
  });

  it('that receives a signal ends the whole system with exit code 0', async () => {
    const here = await systems.createEnvironment();
    const system = systems.start(here);
    await waitUntilServing(system, readyUrls(here));
    const [, child] = await childrenOf(system.pid);
    process.kill(Number(child), 'SIGTERM');
    expect(await system.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(here.folder)).toContain('event-store');
  });
});
