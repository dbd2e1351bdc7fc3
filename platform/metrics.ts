import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of its own for a process, with what Node can tell about itself. `role` is on every metric. */
export function createMetrics(role: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ role });
  collectDefaultMetrics({ register: registry });
  // Which version runs is for nobody to know who may only count.
  registry.removeSingleMetric('nodejs_version_info');
  return registry;
}
