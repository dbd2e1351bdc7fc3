import express from 'express';
import { live, readiness } from '../../platform/http/health.ts';
import { listen } from '../../platform/http/listen.ts';
import { autoCarrier, manualCarrier } from '../../write-side/adapters/carrier.ts';
import { guardMetrics } from '../../write-side/adapters/guard-metrics.ts';
import { resilientCarrier } from '../../write-side/adapters/resilient-carrier.ts';
import { startProcessManagers as start } from '../../write-side/process-managers/start.ts';
import type { Services } from '../services.ts';
import type { Running } from './running.ts';

/** Carries orders through stock, payment and shipping; health and metrics on a port of their own. */
export async function startProcessManagers(services: Services): Promise<Running> {
  const { config, metrics } = services;
  const carrier = resilientCarrier(config.carrier === 'auto' ? autoCarrier : manualCarrier);
  const payments = services.payments();
  guardMetrics(metrics, { 'payment-provider': payments.guard, carrier: carrier.guard });
  const managers = start({
    store: services.store(),
    handler: services.handler(),
    readStore: await services.readStore(),
    payments,
    carrier,
    policy: config.fulfilment,
    logger: services.logger('process-managers'),
    metrics,
    clock: () => new Date(),
  });
  const app = express().disable('x-powered-by');
  app.get('/health/live', live);
  app.get('/health/ready', readiness(managers.ready));
  app.get('/metrics', async (_, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  const server = await listen(app, {
    host: config.host,
    port: config.processManagersPort,
    setting: 'PROCESS_MANAGERS_PORT',
  });
  return {
    addresses: { 'process managers': server.url },
    stop: async () => {
      await managers.stop();
      await server.close();
    },
  };
}
