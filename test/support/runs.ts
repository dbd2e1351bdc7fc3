import { rm } from 'node:fs/promises';
import { launch } from './launch.ts';
import type { Launched } from './launched.ts';
import { newPlace, type Place } from './system.ts';

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

  async end(): Promise<void> {
    for (const one of this.#running.splice(0)) await one.killAll();
    for (const { folder } of this.#places.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}
