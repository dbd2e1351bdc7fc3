import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process ended though nobody ended it: whatever is killed beside it, none may. */
export class EndedByItself extends Error {
  override readonly name = 'EndedByItself';
}

/** A process was not as it should be in time. */
export class NeverReady extends Error {
  override readonly name = 'NeverReady';
}

/** How a process is doing: whether as wished, and in words. */
export interface Health {
  readonly well: boolean;
  readonly inWords: string;
}

export interface Command {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdio: StdioOptions;
  /** Told when it ends by itself. */
  readonly onStray: (error: EndedByItself) => void;
}

const READY_WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 20;
const LAST_OUTPUT = 8_000;

/** A process that can be killed at any moment and started again as it was. */
export abstract class Killable {
  readonly name: string;
  readonly #command: Command;
  #child: ChildProcess | undefined;
  #output = '';

  constructor(command: Command) {
    this.name = command.name;
    this.#command = command;
  }

  /** Whether it does its work now. */
  protected abstract health(): Promise<Health>;
  protected abstract started(child: ChildProcess): void;

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  start(): void {
    const { program, args, env, stdio, onStray } = this.#command;
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text) => {
        this.#output = `${this.#output}${text}`.slice(-LAST_OUTPUT);
      });
    child.once('close', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      onStray(
        new EndedByItself(`${this.name} ended by itself, ${signal ?? `exit code ${code}`}:\n${this.#output}`),
      );
    });
    this.started(child);
  }

  /** kill -9, unless told otherwise; resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const gone = once(child, 'close');
    child.kill(signal);
    await gone;
  }

  /** Holds it up in the middle of whatever it does, until it is resumed. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
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
      if (Date.now() > deadline)
        throw new NeverReady(`${this.name} is not as it should be, but ${inWords}:\n${this.#output}`);
      await sleep(LOOK_EVERY_MS);
    }
  }
}
