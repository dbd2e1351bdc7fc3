import { rm } from 'node:fs/promises';
import { newPlace, type Place } from '../system.ts';
import { commandLine, launch } from './launch-orderstream.ts';
import { type Launched, launchProgram } from './launch-program.ts';
import { behindNpm } from './npm-stand-in.ts';

/** What a test starts and where, so that its end can end and remove all of it. */
export class Runs {
  readonly #running: Launched[] = [];
  readonly #places: Place[] = [];

  async place(settings: NodeJS.ProcessEnv = {}): Promise<Place> {
    const place = await newPlace(settings);
    this.#places.push(place);
    return place;
  }

  start({ env }: Pick<Place, 'env'>, ...args: readonly string[]): Launched {
    const launched = launch(['start', ...args], env);
    this.#running.push(launched);
    return launched;
  }

  /** Starts a system through a stand-in for npm, which is the one process that `kill` ends. */
  startBehindNpm({ env }: Pick<Place, 'env'>): Launched {
    const [program = '', ...args] = behindNpm([process.execPath, ...commandLine(['start'])]);
    const launched = launchProgram({ program, args, env: { ...env, npm_command: 'exec' } });
    this.#running.push(launched);
    return launched;
  }

  async end(): Promise<void> {
    for (const one of this.#running.splice(0)) await one.killAll();
    for (const { folder } of this.#places.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}
