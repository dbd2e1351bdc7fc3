import type { RequestListener } from 'node:http';
import { Histogram, type Registry } from 'prom-client';
import { routeInfoOf } from '../server/log-requests.ts';

const NAME = 'http_request_duration_seconds';

/** `serve`, whose answers are measureRequests. Before express, where it costs less than a middleware. */
export function measureRequests(metrics: Registry, serve: RequestListener): RequestListener {
  const duration = histogramIn(metrics);
  // Of each series once: finding it by its labels costs more than to observe.
  const series = new Map<string, Histogram.Internal<string>>();
  const seriesOf = (method: string, route: string, status: number) => {
    const name = `${method} ${status} ${route}`;
    const known = series.get(name);
    if (known !== undefined) return known;
    const made = duration.labels({ method, route, status: `${status}` });
    series.set(name, made);
    return made;
  };
  return (req, res) => {
    const from = performance.now();
    res.once('finish', () => {
      seriesOf(req.method ?? '', routeInfoOf(res).route, res.statusCode).observe(
        (performance.now() - from) / 1000,
      );
    });
    serve(req, res);
  };
}

function histogramIn(metrics: Registry): Histogram {
  const known = metrics.getSingleMetric(NAME);
  if (known instanceof Histogram) return known;
  return new Histogram({
    name: NAME,
    help: 'How long requests took, until the last byte was handed over',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
}
