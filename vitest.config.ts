import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { endWithTestRun } from './test/support/cleanup/end-with-test-run.ts';

const isEndToEnd = ({ moduleId }: TestSpecification) => moduleId.startsWith(`${import.meta.dirname}/test/`);
const sharesSystem = (file: TestSpecification) =>
  isEndToEnd(file) && readFileSync(file.moduleId, 'utf8').includes('useSharedShop(');

/**
 * Starts the end-to-end tests first: they take longest, and a long file at the end leaves the other workers idle. Those that
 * share systems come before all, so that the systems can stop soon.
 */
class EndToEndFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => (sharesSystem(file) ? 0 : isEndToEnd(file) ? 1 : 2);
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    ...endWithTestRun,
    globalSetup: [...endWithTestRun.globalSetup, 'test/support/shared-systems/serve-shared-systems.ts'],
    include: ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // A worker imports each module once, not once per test file: half of the processor time of the short tests.
    isolate: false,
    sequence: { sequencer: EndToEndFirst },
    // End-to-end tests mostly wait for processes, so more workers than cores.
    maxWorkers: 4,
    // Ten times the duration of the slowest test: tests wait for events, and the machine may be busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
