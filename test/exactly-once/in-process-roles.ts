import { Worker } from 'node:worker_threads';
import { startProcessManagers } from '../../bin/roles/process-managers.ts';
import { startProjections } from '../../bin/roles/projections.ts';
import type { RunningRole } from '../../bin/roles/running-role.ts';
import { startWriteSide } from '../../bin/roles/write-side.ts';
import { createServices, type Services } from '../../bin/services.ts';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { resilientPayments } from '../../integrations/payments/resilient-payments.ts';
import type { Resilience } from '../../integrations/resilience/resilient-calls.ts';
import type { Config } from '../../platform/config/config.ts';

const APPEND_WORKER = new URL('../../dist/event-store/append/append-worker.js', import.meta.url);

/** Short timeouts, so that retries and open circuits fit into a test. */
const resilience: Resilience = {
  timeoutMs: 400,
  retries: 4,
  firstDelayMs: 20,
  maxDelayMs: 200,
  circuit: {
    windowMs: 2_000,
    minFailing: 3,
    maxSucceedingShare: 0.1,
    openMs: 300,
    probes: 10,
    maxWaitMs: 2_000,
  },
};

const roles = {
  'write-side': startWriteSide,
  'process-managers': startProcessManagers,
  projections: startProjections,
};
export type Role = keyof typeof roles;

/** The roles of one process. They run in the test's process and share only the stores and the payment provider. */
export interface InProcessRoles {
  readonly services: Services;
  readonly commandUrl: string;
  stop(): Promise<void>;
}

export async function startInProcess(
  config: Config,
  names: readonly Role[],
  provider: PaymentProvider,
): Promise<InProcessRoles> {
  const usual = createServices(config, names.join('+'));
  // Silent, since faults are intended. `FAULTS_LOG=1` shows the logs of the roles.
  const logger = (role: string) =>
    Object.assign(usual.logger(role), { silent: process.env.FAULTS_LOG === undefined });
  const store = connectEventStore({
    catalogue,
    url: config.eventStoreUrl,
    logger: logger('event-store'),
    appendThread: (workerData) => new Worker(APPEND_WORKER, { workerData }),
    answerWithinMs: 500,
    patienceMs: 5_000,
    subscribeBackoff: { firstMs: 20, maxMs: 500 },
  });
  const handler = createCommandHandler({ store, snapshots: store.snapshots });
  const payments = resilientPayments(provider, resilience);
  const services: Services = {
    ...usual,
    logger,
    store: () => store,
    handler: () => handler,
    payments: () => payments,
  };
  const running: RunningRole[] = [];
  for (const name of names) running.push(await roles[name](services));
  const addresses: Readonly<Record<string, string>> = Object.assign(
    {},
    ...running.map(({ addresses }) => addresses),
  );
  return {
    services,
    commandUrl: addresses['command API'] ?? '',
    stop: async () => {
      await Promise.all(running.map((role) => role.stop()));
      await services.close();
      await store.close();
    },
  };
}
