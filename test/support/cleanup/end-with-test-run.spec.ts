import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchProgram, type RunningProgram } from '../processes/launch-program.ts';
import { npmCommandLine } from '../processes/npm-stand-in.ts';

const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const RUN = [process.execPath, VITEST, 'run', '--config', 'test/support/cleanup/killed-run/vitest.config.ts'];

describe('all processes of a test run end with it', () => {
  let folder: string;
  let run: RunningProgram;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'killed-run-'));
  });
  afterEach(async () => {
    await run.killAll();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts the run; resolves to the process groups that it has started. */
  async function started([program = '', ...args]: readonly string[], settings = {}): Promise<number[]> {
    const STARTED = join(folder, 'started.json');
    const own = { TMPDIR: folder, STARTED, VITEST: undefined, NODE_ENV: undefined, npm_command: undefined };
    run = launchProgram({ program, args, env: { ...own, ...settings } });
    let pids: number[] = [];
    await expect
      .poll(() => {
        if (run.hasEnded()) throw new Error(run.output());
        pids = JSON.parse(readFileSync(STARTED, 'utf8'));
        return pids.slice(1).every(isGroupRunning);
      })
      .toBe(true);
    return pids;
  }

  const untilGone = async ([worker = 0, ...groups]: readonly number[]) => {
    await expect.poll(() => groups.filter(isGroupRunning)).toEqual([]);
    await expect.poll(() => isRunning(worker)).toBe(false);
  };

  it.each(['SIGINT', 'SIGKILL'] as const)('when the run is ended by %s', async (signal) => {
    const pids = await started(RUN);
    run.child.kill(signal);
    await untilGone(pids);
  });

  it.runIf(process.platform === 'linux')('when the npm that started the run is killed', async () => {
    const pids = await started(npmCommandLine(RUN), { npm_command: 'run-script' });
    await run.kill();
    await untilGone(pids);
  });
});

const isGroupRunning = (pid: number): boolean => isRunning(-pid);

/** Returns whether a process is running; for a negative id, whether any process of that group is. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
