import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../support/processes/free-port.ts';
import type { KillableProcess } from '../../../support/processes/killable-process.ts';
import { createTestEnvironment, type TestEnvironment } from '../../../support/system.ts';
import { FerretDbProcess } from './ferretdb-process.ts';
import { RoleProcess } from './role-process.ts';
import { UnexpectedExits } from './unexpected-exits.ts';

/** Short timeouts of the process managers: the tests check that timeouts survive a crash, not their length. */
const SHORT_TIMEOUTS = {
  FULFILMENT_FIRST_DEADLINE_MS: '400',
  FULFILMENT_MAX_DEADLINE_MS: '2000',
  DISPATCH_FIRST_DEADLINE_MS: '1000',
  DISPATCH_MAX_DEADLINE_MS: '5000',
  PAYMENT_GIVE_UP_MS: '60000',
};

export interface FleetOptions {
  readonly settings?: NodeJS.ProcessEnv;
  /** Path of a FerretDB binary for the read models; default: SQLite files. */
  readonly ferretdb?: string;
}

/** A process that is restarted after each crash. */
export interface SupervisedRole {
  readonly process: RoleProcess;
  readonly crashes: number;
}

/** A system in which each role runs in separate processes, with any number of processes per role. */
export class Fleet {
  readonly environment: TestEnvironment;
  readonly #processes: KillableProcess[] = [];
  readonly #unexpectedExits = new UnexpectedExits();

  private constructor(environment: TestEnvironment) {
    this.environment = environment;
  }

  /** Creates a fleet without any role yet. Starts FerretDB when its binary is given. */
  static async create({ settings, ferretdb }: FleetOptions = {}): Promise<Fleet> {
    const environment = await createTestEnvironment({ LOG_LEVEL: 'error', ...SHORT_TIMEOUTS, ...settings });
    const fleet = new Fleet(environment);
    if (ferretdb !== undefined) await fleet.#startFerretDb(ferretdb);
    return fleet;
  }

  /** Starts a process of a role. The name tells several processes of one role apart. */
  start(role: string, name = role): RoleProcess {
    return this.#add(
      new RoleProcess(name, [role], this.environment.env, this.#unexpectedExits.onUnexpectedExit),
    );
  }

  /** Starts a process of a role and restarts it after each crash, as a supervisor does. */
  startSupervised(role: string, name: string, env: NodeJS.ProcessEnv): SupervisedRole {
    const supervised = {
      crashes: 0,
      process: new RoleProcess(name, [role], { ...this.environment.env, ...env }, () => {
        supervised.crashes += 1;
        supervised.process.start();
      }),
    };
    this.#add(supervised.process);
    return supervised;
  }

  /** Returns the FerretDB process. Throws `TypeError` when the read models are in files. */
  get ferretdb(): FerretDbProcess {
    const found = this.#processes.find((each) => each instanceof FerretDbProcess);
    if (found === undefined) throw new TypeError('the read models are not in FerretDB');
    return found;
  }

  /** Waits until all running processes are ready. Throws `NotReadyInTime`. */
  async ready(): Promise<void> {
    const running = this.#processes.filter(({ isRunning }) => isRunning);
    await this.while(Promise.all(running.map((each) => each.ready())));
  }

  /** Returns the result of the work. Throws `UnexpectedExit` as soon as a process exits unexpectedly. */
  while<Result>(work: Promise<Result>): Promise<Result> {
    return this.#unexpectedExits.while(work);
  }

  /** Folder of the read models when they are in files. */
  get readStoreFolder(): string {
    return join(this.environment.folder, 'read-store');
  }

  /** Number of kills of all processes. */
  get kills(): number {
    return this.#processes.reduce((sum, { kills }) => sum + kills, 0);
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#processes.map((each) => each.kill()));
    await rm(this.environment.folder, { recursive: true, force: true });
  }

  async #startFerretDb(binary: string): Promise<void> {
    const { env, folder } = this.environment;
    const ferretdb = this.#add(
      new FerretDbProcess(binary, await freePort(), folder, this.#unexpectedExits.onUnexpectedExit),
    );
    env.READ_STORE_URL = ferretdb.url;
    await this.while(ferretdb.ready());
  }

  #add<Process extends KillableProcess>(process: Process): Process {
    this.#processes.push(process);
    process.start();
    return process;
  }
}
