import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAudit } from '../../bin/audit.ts';
import { startChildNode } from '../../embedded/testing/child-node.ts';
import { killHard } from '../../embedded/testing/kill-hard.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { ourPrefixes } from '../../event-catalogue/streams.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { readConfig } from '../../platform/config/config.ts';
import { createRecordingPaymentProvider } from '../support/recording-payment-provider.ts';
import { createTestEnvironment } from '../support/system.ts';
import { createFaultyCallHandler, eventStoreFaults } from './faults/event-store-faults.ts';
import { FaultInjector, seedOfRun } from './faults/fault-injector.ts';
import { startRelay } from './faults/grpc-relay.ts';
import { paymentFaults, withPaymentFaults } from './faults/payment-faults.ts';
import { startInProcess } from './in-process-roles.ts';
import { LogAudit } from './log-audit.ts';

const GROUPS = ['fulfilment', 'opening-stock', 'account-mails', 'forgetting'];
const LOOK_EVERY_MS = 50;
/** Without any change for this time, the shop is stuck. */
const NO_PROGRESS_MS = 45_000;
/** Short timeouts of the process managers, so that several of them fit into a test. */
const SETTINGS = {
  COMMAND_PORT: '0',
  LOG_LEVEL: 'error',
  FULFILMENT_FIRST_DEADLINE_MS: '1500',
  FULFILMENT_MAX_DEADLINE_MS: '20000',
  PAYMENT_GIVE_UP_MS: '5000',
  DISPATCH_FIRST_DEADLINE_MS: '1500',
  DISPATCH_MAX_DEADLINE_MS: '20000',
};

/** Orders are not at rest, and nothing changes any more. */
export class NoProgress extends Error {
  override readonly name = 'NoProgress';

  constructor(state: object) {
    super(`nothing has changed for ${NO_PROGRESS_MS} ms: ${JSON.stringify(state)}`);
  }
}

export type FaultyShop = Awaited<ReturnType<typeof startFaultyShop>>;

/**
 * Starts a shop of several processes, with faulty networks to the event store and to the payment provider. The test itself
 * reads the event store and the provider's records without faults. `withoutFaults` gives the shop direct connections too.
 */
export async function startFaultyShop(settings: NodeJS.ProcessEnv = {}, { withoutFaults = false } = {}) {
  const seed = seedOfRun();
  const startedAt = performance.now();
  const log = (event: string) =>
    void process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${event}\n`);
  log(`starting with FAULTS_SEED=${seed}`);
  const storeFaults = new FaultInjector(seed, eventStoreFaults);
  const providerFaults = new FaultInjector(seed + 1, paymentFaults);
  const node = await startChildNode('--memory');
  const relay = await startRelay(new URL(node.connectionString).host, createFaultyCallHandler(storeFaults));
  const environment = await createTestEnvironment({
    ...SETTINGS,
    ...settings,
    EVENTSTORE_URL: withoutFaults ? node.connectionString : relay.connectionString,
  });
  const config = readConfig(environment.env);
  const paymentProvider = createRecordingPaymentProvider();
  const provider = withoutFaults ? paymentProvider : withPaymentFaults(paymentProvider, providerFaults);
  const processes = [
    await startInProcess(config, ['projections'], provider),
    await startInProcess(config, ['write-side', 'process-managers'], provider),
    await startInProcess(config, ['write-side', 'process-managers'], provider),
  ];

  const directStore = connectEventStore({ catalogue, url: node.connectionString });
  const logAudit = new LogAudit();
  const stopping = new AbortController();
  const following = (async () => {
    for await (const entry of directStore.subscribe({ prefixes: ourPrefixes, signal: stopping.signal }))
      if (entry.kind === 'event') logAudit.fold(entry.recorded);
  })();

  const state = async () => {
    const groups = await Promise.all(GROUPS.map((group) => directStore.groupStatistics(group)));
    const sum = (count: 'parked' | 'inFlight' | 'waiting') =>
      groups.reduce((total, group) => total + (group?.[count] ?? 0), 0);
    return {
      ordersInFlight: logAudit.ordersInFlight,
      undelivered: sum('inFlight') + sum('waiting'),
      parked: sum('parked'),
      delayedMessages: storeFaults.pending + providerFaults.pending,
      events: logAudit.events,
    };
  };
  type State = Awaited<ReturnType<typeof state>>;

  /** Polls until the state is as expected, and returns it. Throws `NoProgress`. */
  const waitUntil = async (
    isExpected: (state: State) => boolean,
    beforeEach: () => Promise<void> = async () => {},
  ): Promise<State> => {
    let [last, changedAt] = ['', performance.now()];
    for (;;) {
      await beforeEach();
      const now = await state();
      if (isExpected(now)) return now;
      const text = JSON.stringify(now);
      if (text !== last) [last, changedAt] = [text, performance.now()];
      if (performance.now() - changedAt > NO_PROGRESS_MS) throw new NoProgress(now);
      await sleep(LOOK_EVERY_MS);
    }
  };

  return {
    seed,
    log,
    paymentProvider,
    logAudit,
    storeFaults,
    providerFaults,
    waitUntil,
    commandUrls: processes.map(({ commandUrl }) => commandUrl).filter((url) => url !== ''),
    stopFaults() {
      storeFaults.stop();
      providerFaults.stop();
    },
    async replayParked() {
      for (const group of GROUPS) await directStore.replayParked(group);
    },
    /** Returns the violations in the log; compares its money with the payment provider's records. */
    violations(): readonly string[] {
      const none = { charged: 0, refunded: 0 };
      return logAudit.findViolations((orderId) => paymentProvider.payments.get(orderId) ?? none);
    },
    /** Folds all events anew and compares every document with the result. */
    async verifyReadModels() {
      const audit = await openAudit({ ...config, eventStoreUrl: node.connectionString });
      const { checks } = await audit.end();
      await audit.close();
      return checks;
    },
    async stop() {
      stopping.abort();
      await following;
      await Promise.all(processes.map((process) => process.stop()));
      await directStore.close();
      await relay.stop();
      await killHard(node.child);
      await rm(environment.folder, { recursive: true, force: true });
    },
  };
}
