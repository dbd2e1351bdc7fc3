import { fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { autoCarrier, manualCarrier } from '../../integrations/carrier/carrier.ts';
import { resilientCarrier } from '../../integrations/carrier/resilient-carrier.ts';
import { createMailer } from '../../integrations/mail/create-mailer.ts';
import { resilienceMetrics } from '../../integrations/resilience/resilience-metrics.ts';
import { readyWhenOk } from '../../platform/http/monitoring/health.ts';
import { createMonitoringApp } from '../../platform/http/monitoring/monitoring.ts';
import { listen } from '../../platform/http/server/listen.ts';
import type { RunningEngine } from '../../process-managers/engine/start-engine.ts';
import { startProcessManagers as start } from '../../process-managers/start.ts';
import type { Services } from '../services.ts';
import type { RunningRole } from './running-role.ts';

/** Starts the process managers, with health and metrics on their own port. */
export async function startProcessManagers(services: Services): Promise<RunningRole> {
  const { config, metrics } = services;
  const logger = services.logger('process-managers');
  const carrier = resilientCarrier(config.carrier === 'auto' ? autoCarrier() : manualCarrier);
  const payments = services.payments();
  const mailer = createMailer(config);
  resilienceMetrics(metrics, {
    'payment-provider': payments.counts,
    carrier: carrier.counts,
    'mail-server': mailer.counts,
  });
  const store = services.store();
  let managers: RunningEngine | undefined;
  const app = createMonitoringApp({
    metrics,
    ready: async () => managers?.ready() ?? readyWhenOk(services.stores()),
    logger,
  });
  const server = await listen(app, {
    host: config.host,
    port: config.processManagersPort,
    setting: 'PROCESS_MANAGERS_PORT',
    accessLog: services.accessLog('process-managers'),
  });
  const stop = async () => {
    await managers?.stop();
    await server.close();
  };
  try {
    await store.warmUp();
    const watch = await services.watchReadStore();
    managers = start({
      store,
      handler: services.handler(),
      readStore: await services.readStore(),
      dependencies: () => ({
        ...services.stores(),
        projections: watch.projector,
        statuses: watch.statuses,
      }),
      payments,
      carrier,
      mailer,
      keyStore: await services.keyStore(),
      publicUrl: config.publicUrl,
      policy: { ...fulfilmentPolicy, ...config.fulfilment },
      logger,
      metrics,
      clock: () => new Date(),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { addresses: { 'process managers': server.url }, stop };
}
