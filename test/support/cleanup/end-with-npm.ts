import process from 'node:process';
import { watchNpm } from '../../../bin/start/processes/watch-npm.ts';

/** Global setup of vitest: a run that npm started ends itself when npm has ended. */
export default function endWithNpm(): void {
  watchNpm(() => process.kill(process.pid, 'SIGTERM'));
}
