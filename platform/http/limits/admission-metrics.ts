import { Counter, Gauge, type Registry } from 'prom-client';
import type { Admission } from './admission.ts';

const SHED = 'http_requests_shed_total';

/** Registers gauges of the requests in flight and in the queue. Returns the counter of requests rejected unread. */
export function admissionMetrics(admission: Admission, metrics: Registry): Counter {
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
  gauge('http_requests_in_flight', 'Requests in flight', () => admission.inFlight);
  gauge('http_requests_waiting', 'Requests in the queue', () => admission.waiting);
  metrics.removeSingleMetric(SHED);
  return new Counter({ name: SHED, help: 'Requests rejected because of overload', registers: [metrics] });
}
