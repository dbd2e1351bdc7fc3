import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { printJson } from '../support/print-json.ts';
import { createRandomChoices, type RandomChoices } from '../support/random-choices.ts';
import { verifyAccounts } from './harness/checks/verify-accounts.ts';
import { KILLS } from './harness/kill-repeatedly.ts';
import { AccountHolders } from './harness/load/account-holders.ts';
import { Fleet } from './harness/processes/fleet.ts';
import type { RoleProcess } from './harness/processes/role-process.ts';

const NAME = 'accounts';
const HOLDERS = 8;
/** With the number of kills of `npm run test:kill`, 40 seconds. */
const KILLING_MS = KILLS * 800;
const MAX_WORKING_MS = 2_500;

describe('processes that are killed while people sign up, log in, refresh and are forgotten', () => {
  let fleet: Fleet;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  afterEach(async () => {
    stopping.abort();
    await fleet.stop();
  });

  /** Kills one of the processes, again and again, a random time after all of them work. */
  async function killForAWhile(targets: readonly RoleProcess[], random: RandomChoices): Promise<void> {
    const until = performance.now() + KILLING_MS;
    do {
      await fleet.ready();
      await sleep(random.below(MAX_WORKING_MS));
      const target = random.oneOf(targets);
      await target.kill();
      target.start();
    } while (performance.now() < until);
  }

  it('keep one account per address, every acknowledged sign-up and session, and nothing of a forgotten person', async () => {
    const startedAt = performance.now();
    const random = createRandomChoices(NAME);
    fleet = await Fleet.create({ settings: { ACCOUNT_CONFIRMATION: 'off', SIGN_UP_RATE_LIMIT: '0' } });
    const { commandUrl } = fleet.environment;
    const holders = new AccountHolders({ commandUrl, random: random('people'), signal: stopping.signal });
    const node = fleet.start('eventstore');
    fleet.start('projections');
    const writeSide = fleet.start('write-side');
    const managers = fleet.start('process-managers');
    await fleet.ready();
    holders.start(HOLDERS);
    const never = new Promise<never>(() => {});
    const killing = killForAWhile([writeSide, writeSide, node, managers], random('kills'));
    await fleet.while(Promise.race([killing, holders.failure.then(() => never)]));
    await fleet.while(holders.finish());
    await fleet.ready();
    const verified = await fleet.while(verifyAccounts(fleet, holders));
    const { lostResponses, refreshes } = holders;
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    printJson({ test: NAME, kills: fleet.kills, ...verified, refreshes, lostResponses, seconds });
    expect(verified.kept).toBeGreaterThan(0);
    expect(verified.forgotten).toBeGreaterThan(0);
    expect(lostResponses).toBeGreaterThan(0);
  });
});
