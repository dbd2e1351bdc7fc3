import { networkInterfaces } from 'node:os';
import type { Registry } from 'prom-client';
import { httpUrl } from '../../platform/config/addresses.ts';
import type { Readiness } from '../../platform/http/monitoring/health.ts';
import { createMonitoringApp } from '../../platform/http/monitoring/monitoring.ts';
import type { ErrorLog } from '../../platform/http/response/fallback-responses.ts';
import { type Listening, listen } from '../../platform/http/server/listen.ts';
import type { AccessLog } from '../../platform/logging/access-log.ts';
import type { ChangeFeed } from './change-feed.ts';

export interface FeedServerOptions {
  readonly feed: ChangeFeed;
  readonly host: string;
  /** 0 for a free port. */
  readonly port: number;
  readonly metrics: Registry;
  readonly ready: () => Promise<Readiness>;
  readonly logger: ErrorLog;
  readonly accessLog?: AccessLog | undefined;
  /** Only the projector that writes knows the positions. */
  readonly isWriting: () => boolean;
}

export interface FeedServer {
  readonly port: number;
  /** Address of the change feed. */
  readonly feedUrl: string;
  close(): Promise<void>;
}

/** Starts the projector's HTTP server: `/changes`, `/health/live`, `/health/ready`, `/metrics`. Throws `CannotListen`. */
export async function startFeedServer(options: FeedServerOptions): Promise<FeedServer> {
  const { feed, host, port, metrics, ready, logger, accessLog, isWriting } = options;
  const app = createMonitoringApp({
    metrics,
    ready,
    logger,
    more: {
      '/changes': (response) => {
        if (isWriting()) feed.serve(response);
        else response.status(503).set('retry-after', '1').end();
      },
    },
  });
  const server: Listening = await listen(app, { host, port, setting: 'PROJECTIONS_PORT', accessLog });
  return {
    port: server.port,
    feedUrl: `${httpUrl(reachableHost(host), server.port)}/changes`,
    close: async () => {
      feed.close();
      await server.close();
    },
  };
}

/** Returns the first address that is not loopback if the server listens on all addresses. */
function reachableHost(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}
