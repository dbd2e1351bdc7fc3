import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

it('the metrics have the default metrics of Node, without its version', async () => {
  const text = await createMetrics('read-api').metrics();
  expect(text).toContain('process_resident_memory_bytes{role="read-api"}');
  expect(text).not.toContain('version');
  expect(text).not.toContain(process.version);
});
