import express from 'express';
import { live, readiness } from '../../platform/http/health.ts';
import { listen } from '../../platform/http/listen.ts';
import { autoCarrier, manualCarrier } from '../../write-side/adapters/carrier.ts';
import { startProcessManagers as start } from '../../write-side/process-managers/start.ts';
import type { Services } from '../services.ts';
import type { Running } from './running.ts';

/** Carries orders through stock, payment and shipping; health and metrics on a port of their own. */
export async function startProcessManagers(services: Services): Promise<Running> {
  const { config, metrics } = services;
  const managers = start({
    store: services.store(),
    handler: services.handler(),
    readStore: await services.readStore(),
    payments: services.payments(),
    carrier: config.carrier === 'auto' ? autoCarrier : manualCarrier,
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
