import type { KeyObject } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Logger } from 'winston';
import { Admission, type AdmissionLimits, defaultAdmission } from './limits/admission.ts';
import { type RateLimitOptions, rateLimit } from './limits/rate-limit.ts';
import { shedLoad } from './limits/shed-load.ts';
import { monitoringPaths, type Readiness } from './monitoring/health.ts';
import { measureRequests } from './monitoring/measure-requests.ts';
import { addMonitoringRoutes, createExpressApp, setRoute } from './monitoring/monitoring.ts';
import { addDocsPage, docsPaths } from './openapi/docs-page.ts';
import { openApiDocument } from './openapi/openapi-document.ts';
import { MethodNotAllowed } from './response/errors.ts';
import { addFallbackResponses, respondToOptions } from './response/fallback-responses.ts';
import type { ProblemRow } from './response/problems.ts';
import type { Route } from './route.ts';
import { createRouteHandler } from './serve-route.ts';
import type { TokenRules } from './tokens/check-token.ts';
import { createTokenVerifier } from './tokens/tokens.ts';

export interface ApiOptions extends TokenRules {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** In any order: where `/orders/live` and `/orders/:orderId` both fit, the first is meant. */
  readonly routes: readonly Route[];
  /** Of the tokens, HS256. */
  readonly secret: KeyObject;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly ready: () => Promise<Readiness>;
  /** How the API's own errors are answered; looked at before the kit's. */
  readonly problems?: readonly ProblemRow[];
  /** How many requests are carried out at once; the default's where absent. */
  readonly admission?: Partial<AdmissionLimits>;
  /** None when absent. */
  readonly rateLimit?: RateLimitOptions;
  /** Aborts when the process stops: streams end, so that the server can close. */
  readonly stopping?: AbortSignal;
}

/** Answers these routes, and says what it does: `/openapi.json`, `/docs`, `/health/*`, `/metrics`. */
export function createApi(options: ApiOptions): RequestListener {
  const { routes, logger, metrics, secret, stopping } = options;
  // Each waiting request adds a listener; the warning of too many would be wrong.
  if (stopping !== undefined) setMaxListeners(0, stopping);
  const app = createExpressApp();

  const admission = new Admission({ ...defaultAdmission, ...options.admission });
  const shed = watch(admission, metrics);
  const surroundings = {
    admission,
    verify: createTokenVerifier(secret, options),
    rateLimit: options.rateLimit && rateLimit(options.rateLimit),
    stopping,
  };
  for (const [path, ofPath] of byPath(routes)) {
    const here = app.route(path);
    for (const route of ofPath) {
      const handle = createRouteHandler(route, surroundings);
      here[route.method]((req, res) => {
        res.locals.route = path;
        return handle(req, res);
      });
    }
    const allowed = [
      ...ofPath.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
      'OPTIONS',
    ];
    here.options(setRoute(path), respondToOptions(allowed));
    here.all((req) => {
      throw new MethodNotAllowed(req.method, allowed);
    });
  }
  open(app, options);
  addFallbackResponses(app, [...monitoringPaths, '/openapi.json', ...docsPaths], {
    logger,
    problems: options.problems,
  });
  return shedLoad(admission, () => shed.inc(), measureRequests(metrics, app));
}

/** What needs no token. */
function open(
  app: Express,
  { title, version, description, routes, rateLimit, ...watched }: ApiOptions,
): void {
  addMonitoringRoutes(app, watched);
  let document: string | undefined;
  app.get('/openapi.json', setRoute('/openapi.json'), (_req, res) => {
    const info = { title, version, ...(description !== undefined && { description }) };
    document ??= JSON.stringify(openApiDocument(info, routes, rateLimit !== undefined));
    res.type('json').send(document);
  });
  addDocsPage(app, title);
}

/** Shows how full the API is; the counter is of those that were refused without a look at what they ask. */
function watch(admission: Admission, metrics: Registry): Counter {
  const gauge = (name: string, help: string, value: () => number) => {
    metrics.removeSingleMetric(name);
    new Gauge({
      name,
      help,
      registers: [metrics],
      collect() {
        this.set(value());
      },
    });
  };
  gauge('http_requests_in_flight', 'Requests being carried out', () => admission.inFlight);
  gauge('http_requests_waiting', 'Requests in line to be carried out', () => admission.waiting);
  metrics.removeSingleMetric(SHED);
  return new Counter({ name: SHED, help: 'Requests refused because too many came', registers: [metrics] });
}

const SHED = 'http_requests_shed_total';

/** The routes of each path; `/orders/live` before `/orders/:orderId`, which fits it too. */
function byPath(routes: readonly Route[]): [path: string, Route[]][] {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  const shape = (path: string) => path.replace(/:\w+/g, '~');
  return [...paths].sort(([a], [b]) => (shape(a) < shape(b) ? -1 : 1));
}
