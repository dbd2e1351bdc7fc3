import { collectDefaultMetrics, Registry } from 'prom-client';

/** Creates the metrics registry of a process, with the default metrics of Node. Every metric has the label `role`. */
export function createMetrics(role: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ role });
  collectDefaultMetrics({ register: registry });
  // The metrics need no token, so they must not reveal the version of Node.
  registry.removeSingleMetric('nodejs_version_info');
  return registry;
}
