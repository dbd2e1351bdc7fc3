import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of its own for a process, with what Node can tell about itself. `role` is on every metric. */
export function createMetrics(role: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ role });
  collectDefaultMetrics({ register: registry });
  // The metrics need no token, so they must not reveal the version of Node.
  registry.removeSingleMetric('nodejs_version_info');
  return registry;
}
