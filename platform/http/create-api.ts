import type { KeyObject } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { createExpressApp, setRoute } from './express-app.ts';
import { Admission, type AdmissionLimits, defaultAdmission } from './limits/admission.ts';
import { admissionMetrics } from './limits/admission-metrics.ts';
import { type RateLimitOptions, rateLimit } from './limits/rate-limit.ts';
import { shedLoad } from './limits/shed-load.ts';
import { monitoringPaths, type Readiness } from './monitoring/health.ts';
import { measureRequests } from './monitoring/measure-requests.ts';
import { addMonitoringRoutes } from './monitoring/monitoring.ts';
import { addDocsPage, docsPaths } from './openapi/docs-page.ts';
import { openApiDocument } from './openapi/openapi-document.ts';
import { createOriginCheck } from './request/check-origin.ts';
import { createClientAddress } from './request/client-address.ts';
import { createGatewayCheck } from './request/gateway-key.ts';
import { MethodNotAllowed } from './response/errors.ts';
import { addFallbackResponses, respondToOptions } from './response/fallback-responses.ts';
import type { ProblemRow } from './response/problems.ts';
import type { Route } from './route.ts';
import { createRouteHandler } from './serve-route.ts';
import type { TokenRules } from './tokens/check-token.ts';
import { createSessionCookies } from './tokens/session-cookies.ts';
import { createTokenVerifier, type SessionRules } from './tokens/tokens.ts';

export interface ApiOptions extends TokenRules {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** In any order: `/orders/live` takes precedence over `/orders/:orderId`. */
  readonly routes: readonly Route[];
  /** Key of the machine tokens (HS256), and of the key by which the gateway is recognized. */
  readonly secret: KeyObject;
  /** Address of the shop for browsers: `PUBLIC_URL`. With https, cookies are `Secure`. */
  readonly publicUrl?: string | undefined;
  /** How access tokens of sessions are verified; without it, only machine tokens are accepted. */
  readonly sessions?: SessionRules | undefined;
  /** Further origins whose pages may send requests, without cookies; none when absent. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Addresses and networks whose `X-Forwarded-For` counts, besides the gateway; none when absent. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly ready: () => Promise<Readiness>;
  /** Problems for the API's own errors; they take precedence over those of `response/problems.ts`. */
  readonly problems?: readonly ProblemRow[];
  /** Limits that differ from the default. */
  readonly admission?: Partial<AdmissionLimits>;
  /** Requests are not limited when absent. */
  readonly rateLimit?: RateLimitOptions;
  /** Aborts when the process stops: streams end, so that the server can close. */
  readonly stopping?: AbortSignal;
}

/** The options that depend on the deployment, and not on the API. */
export type DeploymentOptions = Pick<
  ApiOptions,
  | 'version'
  | 'secret'
  | 'tokenIssuer'
  | 'tokenAudience'
  | 'publicUrl'
  | 'sessions'
  | 'corsOrigins'
  | 'trustedProxies'
  | 'logger'
  | 'metrics'
  | 'rateLimit'
>;

/**
 * Creates the request listener of an API. A request passes, in this order:
 *
 * 1. `server/`: `listen.ts` accepts the connection and cuts off slow clients; `connections.ts` limits the number of
 *    connections; `cors.ts` and `log-requests.ts` add CORS and the access log.
 * 2. `limits/shed-load.ts`: responds with 503 at once while the queue of `limits/admission.ts` is full.
 * 3. `monitoring/`: measures the request. Serves `/health/*` and `/metrics`, which need no token.
 * 4. `serve-route.ts`: checks the origin, verifies the token (`tokens/`), the role and the rate limit of the caller, validates the input
 *    (`request/`), waits for admission and calls the handler of the route (`route.ts`).
 * 5. `response/`: sends what the handler returned. An error becomes a problem by the table in `problems.ts`.
 *
 * `openapi/` generates `/openapi.json` and `/docs` from the same routes.
 */
export function createApi(options: ApiOptions): RequestListener {
  const { routes, logger, metrics, secret, stopping, problems } = options;
  // Each waiting request adds a listener; Node would warn of a leak.
  if (stopping !== undefined) setMaxListeners(0, stopping);
  const admission = new Admission({ ...defaultAdmission, ...options.admission });
  const { publicUrl, corsOrigins = [], trustedProxies, sessions } = options;
  const isFromGateway = createGatewayCheck(secret);
  const dependencies = {
    admission,
    cookies: createSessionCookies(publicUrl?.startsWith('https:') ?? false),
    checkOrigin: createOriginCheck({ own: publicUrl && new URL(publicUrl).origin, others: corsOrigins }),
    clientAddress: createClientAddress({ trustedProxies, isTrusted: isFromGateway }),
    isFromGateway,
    verify: createTokenVerifier(secret, options),
    ended: sessions?.ended,
    rateLimit: options.rateLimit && rateLimit(options.rateLimit),
    stopping,
  };
  const app = createExpressApp();
  for (const [path, routesOfPath] of byPath(routes)) {
    const pathRoute = app.route(path);
    for (const route of routesOfPath) {
      const handle = createRouteHandler(route, dependencies);
      pathRoute[route.method]((req, res) => {
        res.locals.route = path;
        return handle(req, res);
      });
    }
    const allowed = allowedMethods(routesOfPath);
    pathRoute.options(setRoute(path), respondToOptions(allowed));
    pathRoute.all((req) => {
      throw new MethodNotAllowed(req.method, allowed);
    });
  }
  addMonitoringRoutes(app, options);
  addDocumentation(app, options);
  addFallbackResponses(app, [...monitoringPaths, '/openapi.json', ...docsPaths], logger, problems);
  const shed = admissionMetrics(admission, metrics);
  return shedLoad(admission, () => shed.inc(), measureRequests(metrics, app));
}

function addDocumentation(app: Express, options: ApiOptions): void {
  const { title, version, description, routes, rateLimit } = options;
  let document: string | undefined;
  app.get('/openapi.json', setRoute('/openapi.json'), (_req, res) => {
    const info = { title, version, ...(description !== undefined && { description }) };
    document ??= JSON.stringify(openApiDocument(info, routes, rateLimit !== undefined));
    res.type('json').send(document);
  });
  addDocsPage(app, title);
}

const allowedMethods = (routes: readonly Route[]): string[] => [
  ...routes.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  'OPTIONS',
];

/** Groups routes by path. `/orders/live` comes before `/orders/:orderId`, which matches it too. */
function byPath(routes: readonly Route[]): [path: string, Route[]][] {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  const shape = (path: string) => path.replace(/:\w+/g, '~');
  return [...paths].sort(([a], [b]) => (shape(a) < shape(b) ? -1 : 1));
}
