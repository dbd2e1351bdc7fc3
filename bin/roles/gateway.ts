import { createGateway } from '../../gateway/create-gateway.ts';
import { listen } from '../../platform/http/server/listen.ts';
import type { BasicServices } from '../basic-services.ts';
import type { RunningRole } from './running-role.ts';

/** Starts the gateway, with metrics on a port of their own: the gateway's port may be open to the world. */
export async function startGateway(services: BasicServices): Promise<RunningRole> {
  const { config, metrics } = services;
  const stopping = new AbortController();
  const gateway = createGateway({
    commandUrl: config.commandUrl,
    queryUrl: config.queryUrl,
    publicUrl: config.publicUrl,
    secret: config.secret,
    tokenIssuer: config.tokenIssuer,
    tokenAudience: config.tokenAudience,
    rateLimit: config.gatewayRateLimit,
    trustedProxies: config.trustedProxies,
    metrics,
    logger: services.logger('gateway'),
    stopping: stopping.signal,
  });
  const server = await services.listen('gateway', gateway.listener, config.gatewayPort, 'GATEWAY_PORT');
  const monitoring = await listen(gateway.monitoring, {
    host: config.host,
    port: config.gatewayMetricsPort,
    setting: 'GATEWAY_METRICS_PORT',
    accessLog: services.accessLog('gateway'),
  }).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  return {
    addresses: { gateway: server.url, 'gateway metrics': `${monitoring.url}/metrics` },
    stop: async () => {
      stopping.abort();
      await Promise.all([server.close(), monitoring.close()]);
      gateway.close();
    },
  };
}
