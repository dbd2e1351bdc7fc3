import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Launched, launchProgram, type Program } from './launch-program.ts';
import { EndedByItself, NeverReady } from './process-errors.ts';

/** How a process is doing: whether as wished, and in words. */
export interface Health {
  readonly well: boolean;
  readonly inWords: string;
}

export interface KillableOptions extends Program {
  readonly name: string;
  /** Told when it ends by itself. */
  readonly onStray?: (error: EndedByItself) => void;
}

const READY_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 20;
const LAST_OUTPUT = 8_000;

/** A process, with all that it starts, that can be killed at any moment and started again as it was. */
export abstract class Killable {
  readonly name: string;
  readonly #options: KillableOptions;
  #running: Launched | undefined;
  #output = () => '';
  #kills = 0;

  constructor(options: KillableOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Whether it does its work now. */
  protected abstract health(): Promise<Health>;
  protected started(_child: ChildProcess): void {}

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** How often it was killed. */
  get kills(): number {
    return this.#kills;
  }

  start(): void {
    const running = launchProgram(this.#options);
    this.#running = running;
    this.#output = running.output;
    void running.ended.then(() => {
      if (this.#running !== running) return;
      this.#running = undefined;
      this.#options.onStray?.(this.#endedByItself(running.child));
    });
    this.started(running.child);
  }

  /** kill -9; resolves when it is gone, at once when it is not running. Throws `EndedByItself` when it was faster. */
  async kill(): Promise<void> {
    const running = this.#leave();
    if (running === undefined) return;
    await running.killAll();
    if (running.child.signalCode !== 'SIGKILL') throw this.#endedByItself(running.child);
    this.#kills += 1;
  }

  /** Asks it to end; resolves when it is gone. */
  async stop(): Promise<void> {
    const running = this.#leave();
    running?.signal('SIGTERM');
    await running?.ended;
  }

  /** Holds it up in the middle of whatever it does, until it is resumed. */
  pause(): void {
    this.#running?.child.kill('SIGSTOP');
  }

  resume(): void {
    this.#running?.child.kill('SIGCONT');
  }

  /** Resolves once it does its work. Throws `NeverReady`. */
  async ready(): Promise<void> {
    await this.until(() => this.health());
  }

  /** Asks until all is well. Throws `NeverReady`. */
  protected async until(ask: () => Promise<Health>): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const { well, inWords } = await ask();
      if (well) return;
      if (!this.isRunning || Date.now() > deadline) {
        const but = this.isRunning ? inWords : 'it is not running';
        throw new NeverReady(`${this.name} is not as it should be, but ${but}:\n${this.#said}`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** What becomes of it from now on is no end by itself. */
  #leave(): Launched | undefined {
    const running = this.#running;
    this.#running = undefined;
    return running;
  }

  #endedByItself({ signalCode, exitCode }: ChildProcess): EndedByItself {
    const how = signalCode ?? `exit code ${exitCode}`;
    return new EndedByItself(`${this.name} ended by itself, ${how}:\n${this.#said}`);
  }

  get #said(): string {
    return this.#output().slice(-LAST_OUTPUT);
  }
}
