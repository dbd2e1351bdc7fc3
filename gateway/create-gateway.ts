import type { KeyObject } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Registry } from 'prom-client';
import type { RateLimitOptions } from '../platform/http/limits/rate-limit.ts';
import { measureRequests } from '../platform/http/monitoring/measure-requests.ts';
import { createMonitoringApp } from '../platform/http/monitoring/monitoring.ts';
import { createClientAddress } from '../platform/http/request/client-address.ts';
import { gatewayKeyOf } from '../platform/http/request/gateway-key.ts';
import type { ErrorLog } from '../platform/http/response/fallback-responses.ts';
import { createAuthentication } from '../platform/http/tokens/authenticate.ts';
import type { TokenRules } from '../platform/http/tokens/check-token.ts';
import type { EndedSessions } from '../platform/http/tokens/ended-sessions.ts';
import { createSessionCookies } from '../platform/http/tokens/session-cookies.ts';
import { cacheSessionKeys } from '../platform/http/tokens/session-keys.ts';
import { createTokenVerifier } from '../platform/http/tokens/tokens.ts';
import { createRequestHandler } from './handle-request.ts';
import { createClientLimits } from './limits/client-limits.ts';
import { createPagesApp } from './pages/pages-app.ts';
import { readinessOf } from './pages/readiness.ts';
import { createIdentityOf } from './requests/identity.ts';
import { LastWrites } from './requests/last-writes.ts';
import { loadPublishedKeys } from './requests/published-keys.ts';
import { BodyReader } from './requests/read-body.ts';
import { securityHeaders } from './responses/security-headers.ts';
import { RouteTable } from './routes/route-table.ts';
import { Forwarder } from './upstream/forwarder.ts';
import { Upstream, type UpstreamOptions } from './upstream/upstream.ts';

export interface GatewayOptions extends TokenRules {
  readonly commandUrl: URL;
  readonly queryUrl: URL;
  /** Key of machine tokens (HS256); the gateway's own key is made from it too. */
  readonly secret: KeyObject;
  readonly logger: ErrorLog;
  readonly metrics: Registry;
  /** Requests are not limited when absent. */
  readonly rateLimit?: RateLimitOptions | undefined;
  /** Address of the shop for browsers: `PUBLIC_URL`. */
  readonly publicUrl: string;
  /** Addresses and networks of the proxies before the gateway. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Aborts when the process stops: streams end, so that the server can close. */
  readonly stopping?: AbortSignal;
  /** Milliseconds until a response begins; then the request fails. Default 30 s. */
  readonly respondWithinMs?: number;
  readonly restartMs?: UpstreamOptions['restartMs'];
}

export interface Gateway {
  readonly listener: RequestListener;
  /** Health and metrics alone, for a port that the world cannot reach. */
  readonly monitoring: RequestListener;
  /** Closes the connections to the APIs. */
  close(): void;
}

/** The APIs decide whether a session has ended. Until its token expires, the gateway counts its requests as before. */
const NOT_KNOWN: EndedSessions = { hasEnded: () => false, onEnd: () => () => {} };

/**
 * Creates the gateway: one address for both APIs. A request passes, in this order:
 *
 * 1. `platform/http/server`: connections, time limits, request id, CORS, access log.
 * 2. `responses/`: security headers, compression.
 * 3. `routes/`: method and path determine the API; what no API serves gets its response here (`pages/`).
 * 4. `requests/identity.ts`, `limits/`: the account and the address are known, and their requests are counted.
 * 5. `requests/`: the body is read, and the headers are those that the API gets.
 * 6. `upstream/`: the request is sent, the response streamed back.
 *
 * The gateway decides nothing about permissions: the APIs check each token themselves.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { secret, publicUrl, logger, metrics, stopping, restartMs, respondWithinMs } = options;
  const upstreamOf = (api: Upstream['api'], url: URL) => new Upstream({ api, url, stopping, restartMs });
  const [command, query] = [upstreamOf('command', options.commandUrl), upstreamOf('query', options.queryUrl)];
  const cookies = createSessionCookies(publicUrl.startsWith('https:'));
  const sessions = {
    keys: cacheSessionKeys(() => loadPublishedKeys(options.commandUrl)),
    issuer: publicUrl,
    ended: NOT_KNOWN,
  };
  const verify = createTokenVerifier(secret, { ...options, sessions });
  const handle = createRequestHandler({
    table: new RouteTable(),
    identityOf: createIdentityOf(createAuthentication(verify, cookies, 'optional')),
    clientAddress: createClientAddress({ trustedProxies: options.trustedProxies }),
    limits: createClientLimits(options.rateLimit),
    bodies: new BodyReader(),
    lastWrites: new LastWrites(),
    gatewayKey: gatewayKeyOf(secret),
    forwarder: new Forwarder({ command, query }, respondWithinMs),
    pages: createPagesApp({ command, query, metrics, logger }),
    stopping,
    logger,
  });
  return {
    listener: measureRequests(metrics, securityHeaders(handle)),
    monitoring: createMonitoringApp({ metrics, logger, ready: () => readinessOf(command, query) }),
    close: () => {
      command.close();
      query.close();
    },
  };
}
