import { rm } from 'node:fs/promises';
import { createTestEnvironment, type TestEnvironment } from '../system.ts';
import { commandLine, launch } from './launch-orderstream.ts';
import { launchProgram, type RunningProgram } from './launch-program.ts';
import { npmCommandLine } from './npm-stand-in.ts';

/** All systems that a test starts, and their environments. `end` kills and removes them. */
export class StartedSystems {
  readonly #running: RunningProgram[] = [];
  readonly #environments: TestEnvironment[] = [];

  async createEnvironment(settings: NodeJS.ProcessEnv = {}): Promise<TestEnvironment> {
    const environment = await createTestEnvironment(settings);
    this.#environments.push(environment);
    return environment;
  }

  start({ env }: Pick<TestEnvironment, 'env'>, ...args: readonly string[]): RunningProgram {
    const running = launch(['start', ...args], env);
    this.#running.push(running);
    return running;
  }

  /** Starts a system through a stand-in for npm. `kill` of the result kills only that stand-in. */
  startThroughNpm({ env }: Pick<TestEnvironment, 'env'>): RunningProgram {
    const [program = '', ...args] = npmCommandLine([process.execPath, ...commandLine(['start'])]);
    const running = launchProgram({ program, args, env: { ...env, npm_command: 'exec' } });
    this.#running.push(running);
    return running;
  }

  async end(): Promise<void> {
    for (const one of this.#running.splice(0)) await one.killAll();
    for (const { folder } of this.#environments.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}
