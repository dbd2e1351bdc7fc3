import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { commandMetrics } from './command-metrics.ts';

it('a metric shows the number of waiting commands', async () => {
  const registry = new Registry();
  commandMetrics(registry, { waiting: () => 12 });

  expect(await registry.metrics()).toContain('orderstream_commands_waiting 12');
});
