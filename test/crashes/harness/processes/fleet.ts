import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../support/processes/free-port.ts';
import type { Killable } from '../../../support/processes/killable-process.ts';
import { newPlace, type Place } from '../../../support/system.ts';
import { FerretDb } from './ferretdb-process.ts';
import { RoleProcess } from './role-process.ts';
import { Strays } from './unexpected-exits.ts';

/** Waits that would take most of a test are short: what is under test is that somebody takes them up again. */
const SHORT_WAITS = {
  FULFILMENT_FIRST_DEADLINE_MS: '400',
  FULFILMENT_MAX_DEADLINE_MS: '2000',
  DISPATCH_FIRST_DEADLINE_MS: '1000',
  DISPATCH_MAX_DEADLINE_MS: '5000',
  PAYMENT_GIVE_UP_MS: '60000',
};

export interface FleetOptions {
  readonly settings?: NodeJS.ProcessEnv;
  /** The read models are in a FerretDB of this binary, not in files. */
  readonly ferretdb?: string;
}

/** A process, and how often it ended by itself. */
export interface Supervised {
  readonly process: RoleProcess;
  readonly deaths: number;
}

/** A system in a place of its own, every role a process of its own, and any number of each. */
export class Fleet {
  readonly place: Place;
  readonly #processes: Killable[] = [];
  readonly #strays = new Strays();

  private constructor(place: Place) {
    this.place = place;
  }

  /** With FerretDB already running, when its binary is given; without any role yet. */
  static async open({ settings, ferretdb }: FleetOptions = {}): Promise<Fleet> {
    const place = await newPlace({ LOG_LEVEL: 'error', ...SHORT_WAITS, ...settings });
    const fleet = new Fleet(place);
    if (ferretdb !== undefined) await fleet.#openFerretDb(ferretdb);
    return fleet;
  }

  /** Starts a process: `start('projections')`, or with a name, where there are several of a kind. */
  start(role: string, name = role): RoleProcess {
    return this.#add(new RoleProcess(name, [role], this.place.env, this.#strays.onStray));
  }

  /** As `start`; one that ends by itself is started again, as a supervisor does. */
  startSupervised(role: string, name: string, env: NodeJS.ProcessEnv): Supervised {
    const supervised = {
      deaths: 0,
      process: new RoleProcess(name, [role], { ...this.place.env, ...env }, () => {
        supervised.deaths += 1;
        supervised.process.start();
      }),
    };
    this.#add(supervised.process);
    return supervised;
  }

  /** Throws `TypeError` when there is none. */
  get ferretdb(): FerretDb {
    const found = this.#processes.find((each) => each instanceof FerretDb);
    if (found === undefined) throw new TypeError('the read models are not in FerretDB');
    return found;
  }

  /** Resolves when all are that were not left dead. Throws `NeverReady`. */
  async ready(): Promise<void> {
    const running = this.#processes.filter(({ isRunning }) => isRunning);
    await this.while(Promise.all(running.map((each) => each.ready())));
  }

  /** What the work comes to. Throws `EndedByItself` as soon as a process does. */
  while<Result>(work: Promise<Result>): Promise<Result> {
    return this.#strays.while(work);
  }

  /** Of the read models, when they are in files. */
  get readStoreFolder(): string {
    return join(this.place.folder, 'read-store');
  }

  /** How often processes of it were killed. */
  get kills(): number {
    return this.#processes.reduce((sum, { kills }) => sum + kills, 0);
  }

  async end(): Promise<void> {
    await Promise.allSettled(this.#processes.map((each) => each.kill()));
    await rm(this.place.folder, { recursive: true, force: true });
  }

  async #openFerretDb(binary: string): Promise<void> {
    const { env, folder } = this.place;
    const ferretdb = this.#add(new FerretDb(binary, await freePort(), folder, this.#strays.onStray));
    env.READ_STORE_URL = ferretdb.url;
    await this.while(ferretdb.ready());
  }

  #add<Process extends Killable>(process: Process): Process {
    this.#processes.push(process);
    process.start();
    return process;
  }
}
