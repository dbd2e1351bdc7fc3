import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { endWithTestRun } from './test/support/cleanup/end-with-test-run.ts';

/** Starts the end-to-end tests first: they take longest, and a long file at the end leaves the other workers idle. */
class EndToEndFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isEndToEnd = ({ moduleId }: TestSpecification) =>
      moduleId.startsWith(`${import.meta.dirname}/test/`);
    return [...sorted.filter(isEndToEnd), ...sorted.filter((file) => !isEndToEnd(file))];
  }
}

export default defineConfig({
  test: {
    ...endWithTestRun,
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
