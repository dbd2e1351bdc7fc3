import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAudit } from '../../bin/audit.ts';
import { startChildNode } from '../../embedded/testing/child-node.ts';
import { killHard } from '../../embedded/testing/kill-hard.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { ourPrefixes } from '../../event-catalogue/streams.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { readConfig } from '../../platform/config/config.ts';
import { openBank } from '../support/recording-payment-provider.ts';
import { newPlace } from '../support/system.ts';
import { storeFaults, troubleWith } from './faults/event-store-faults.ts';
import { Mischief, seedOfRun } from './faults/fault-injector.ts';
import { startRelay } from './faults/grpc-relay.ts';
import { bankFaults, throughTrouble } from './faults/payment-faults.ts';
import { startProcess } from './in-process-roles.ts';
import { Accounts } from './log-audit.ts';

const GROUPS = ['fulfilment', 'opening-stock'];
const LOOK_EVERY_MS = 50;
/** Nothing at all happens for so long: it never will. */
const STANDSTILL_MS = 45_000;
/** Deadlines as short as the time that a scenario has. */
const SETTINGS = {
  COMMAND_PORT: '0',
  LOG_LEVEL: 'error',
  FULFILMENT_FIRST_DEADLINE_MS: '1500',
  FULFILMENT_MAX_DEADLINE_MS: '20000',
  PAYMENT_GIVE_UP_MS: '5000',
  DISPATCH_FIRST_DEADLINE_MS: '1500',
  DISPATCH_MAX_DEADLINE_MS: '20000',
};

/** Orders that nobody carries on with. */
export class StandStill extends Error {
  override readonly name = 'StandStill';

  constructor(state: object) {
    super(`nothing happens any more, and not all is at rest: ${JSON.stringify(state)}`);
  }
}

export type House = Awaited<ReturnType<typeof openHouse>>;

/**
 * A shop of several processes, an event store on the far side of a bad network and a bank on the far side of another;
 * and straight ways to both, for whoever looks at what really happened. Undisturbed, the shop has the straight ways too.
 */
export async function openHouse(settings: NodeJS.ProcessEnv = {}, { undisturbed = false } = {}) {
  const seed = seedOfRun();
  const startedAt = performance.now();
  const say = (what: string) =>
    void process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${what}\n`);
  say(`begins, with FAULTS_SEED=${seed}`);
  const onTheWay = new Mischief(seed, storeFaults);
  const atTheBank = new Mischief(seed + 1, bankFaults);
  const node = await startChildNode('--memory');
  const relay = await startRelay(new URL(node.connectionString).host, troubleWith(onTheWay));
  const place = await newPlace({
    ...SETTINGS,
    ...settings,
    EVENTSTORE_URL: undisturbed ? node.connectionString : relay.connectionString,
  });
  const config = readConfig(place.env);
  const bank = openBank();
  const provider = undisturbed ? bank : throughTrouble(bank, atTheBank);
  const processes = [
    await startProcess(config, ['projections'], provider),
    await startProcess(config, ['write-side', 'process-managers'], provider),
    await startProcess(config, ['write-side', 'process-managers'], provider),
  ];

  const straight = connectEventStore({ catalogue, url: node.connectionString });
  const accounts = new Accounts();
  const following = new AbortController();
  const followed = (async () => {
    for await (const entry of straight.subscribe({ prefixes: ourPrefixes, signal: following.signal }))
      if (entry.kind === 'event') accounts.fold(entry.recorded);
  })();

  const state = async () => {
    const groups = await Promise.all(GROUPS.map((group) => straight.groupStatistics(group)));
    const sum = (count: 'parked' | 'inFlight' | 'waiting') =>
      groups.reduce((total, group) => total + (group?.[count] ?? 0), 0);
    return {
      underWay: accounts.underWay,
      undelivered: sum('inFlight') + sum('waiting'),
      parked: sum('parked'),
      onTheWay: onTheWay.pending + atTheBank.pending,
      events: accounts.events,
    };
  };
  type State = Awaited<ReturnType<typeof state>>;

  const until = async (
    holds: (state: State) => boolean,
    before: () => Promise<void> = async () => {},
  ): Promise<State> => {
    let [seen, since] = ['', performance.now()];
    for (;;) {
      await before();
      const now = await state();
      if (holds(now)) return now;
      const looks = JSON.stringify(now);
      if (looks !== seen) [seen, since] = [looks, performance.now()];
      if (performance.now() - since > STANDSTILL_MS) throw new StandStill(now);
      await sleep(LOOK_EVERY_MS);
    }
  };

  return {
    seed,
    say,
    bank,
    accounts,
    onTheWay,
    atTheBank,
    until,
    commandUrls: processes.map(({ commandUrl }) => commandUrl).filter((url) => url !== ''),
    /** Nothing goes wrong from now on. */
    calm() {
      onTheWay.end();
      atTheBank.end();
    },
    async replayParked() {
      for (const group of GROUPS) await straight.replayParked(group);
    },
    /** Folds all events anew and compares every document with them. */
    async audit() {
      const audit = await openAudit({ ...config, eventStoreUrl: node.connectionString });
      const { checks } = await audit.end();
      await audit.close();
      return checks;
    },
    async close() {
      following.abort();
      await followed;
      await Promise.all(processes.map((process) => process.stop()));
      await straight.close();
      await relay.stop();
      await killHard(node.child);
      await rm(place.folder, { recursive: true, force: true });
    },
  };
}
