import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('metrics tell what a process uses, and no version of anything', async () => {
  const text = await createMetrics('read-api').metrics();
  expect(text).toContain('process_resident_memory_bytes{role="read-api"}');
  expect(text).not.toContain('version');
  expect(text).not.toContain(process.version);
});
