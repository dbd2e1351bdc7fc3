import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchProgram, type Program, type RunningProgram } from './launch-program.ts';
import { NotReadyInTime, UnexpectedExit } from './process-errors.ts';

export interface ProcessHealth {
  readonly isHealthy: boolean;
  /** What the process does, for the error message when it is not ready in time. */
  readonly description: string;
}

export interface KillableOptions extends Program {
  readonly name: string;
  /** Called when the process exits and the test neither stopped nor killed it. */
  readonly onUnexpectedExit?: (error: UnexpectedExit) => void;
}

const READY_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 20;
/** Number of characters of output in error messages. */
const LAST_OUTPUT = 8_000;

/** A process and its children, which a test can kill at any time and start again with the same settings. */
export abstract class KillableProcess {
  readonly name: string;
  readonly #options: KillableOptions;
  #running: RunningProgram | undefined;
  #output = () => '';
  #kills = 0;

  constructor(options: KillableOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Returns whether the process does its work now. */
  protected abstract health(): Promise<ProcessHealth>;
  protected started(_child: ChildProcess): void {}

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** What it has printed since its last start. */
  get output(): string {
    return this.#output();
  }

  /** Number of kills so far. */
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
      this.#options.onUnexpectedExit?.(this.#unexpectedExit(running.child));
    });
    this.started(running.child);
  }

  /** Kills the process with -9; resolves when it has ended. Throws `UnexpectedExit` when it exited before the kill. */
  async kill(): Promise<void> {
    const running = this.#release();
    if (running === undefined) return;
    await running.killAll();
    if (running.child.signalCode !== 'SIGKILL') throw this.#unexpectedExit(running.child);
    this.#kills += 1;
  }

  /** Stops the process with SIGTERM; resolves when it has ended. */
  async stop(): Promise<void> {
    const running = this.#release();
    running?.signal('SIGTERM');
    await running?.ended;
  }

  /** Pauses the process in the middle of its work until `resume`. */
  pause(): void {
    this.#running?.child.kill('SIGSTOP');
  }

  resume(): void {
    this.#running?.child.kill('SIGCONT');
  }

  /** Waits until the process does its work. Throws `NotReadyInTime`. */
  async ready(): Promise<void> {
    await this.waitUntilHealthy(() => this.health());
  }

  /** Polls until the health is good. Throws `NotReadyInTime`. */
  protected async waitUntilHealthy(health: () => Promise<ProcessHealth>): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const { isHealthy, description } = await health();
      if (isHealthy) return;
      if (!this.isRunning || Date.now() > deadline) {
        const state = this.isRunning ? description : 'it is not running';
        throw new NotReadyInTime(`${this.name} is not ready: ${state}\n${this.#lastOutput}`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** After this, an exit of the process is expected. */
  #release(): RunningProgram | undefined {
    const running = this.#running;
    this.#running = undefined;
    return running;
  }

  #unexpectedExit({ signalCode, exitCode }: ChildProcess): UnexpectedExit {
    const how = signalCode ?? `exit code ${exitCode}`;
    return new UnexpectedExit(`${this.name} exited unexpectedly, ${how}:\n${this.#lastOutput}`);
  }

  get #lastOutput(): string {
    return this.#output().slice(-LAST_OUTPUT);
  }
}
