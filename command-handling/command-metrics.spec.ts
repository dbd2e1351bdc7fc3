import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { commandMetrics } from './command-metrics.ts';

it('tells how many commands wait', async () => {
  const registry = new Registry();
  commandMetrics(registry, { waiting: () => 12 });

  expect(await registry.metrics()).toContain('orderstream_commands_waiting 12');
});
