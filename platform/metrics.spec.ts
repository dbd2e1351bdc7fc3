import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

it('metrics show what a process uses, and no version', async () => {
  const text = await createMetrics('read-api').metrics();
  expect(text).toContain('process_resident_memory_bytes{role="read-api"}');
  expect(text).not.toContain('version');
  expect(text).not.toContain(process.version);
});
