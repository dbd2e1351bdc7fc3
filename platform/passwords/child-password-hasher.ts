import { type ChildProcess, fork } from 'node:child_process';
import { Unavailable } from '../http/response/errors.ts';
import {
  type HashRequest,
  type HashResponse,
  type PasswordHasher,
  PasswordHasherBusy,
} from './password-hasher.ts';

interface ChildPasswordHasherOptions {
  /**
   * Maximum number of passwords that wait or are being hashed; default 32, which take about two seconds. New passwords may take half
   * of the places, so that a flood of sign-ups leaves the other half to log-ins.
   */
  readonly maxWaiting?: number;
  /** Options of Node for the process. */
  readonly nodeFlags?: readonly string[];
}

interface Waiting {
  readonly resolve: (response: HashResponse) => void;
  readonly reject: (error: Error) => void;
}

/** The program beside this file: compiled, or TypeScript in a spec. */
const PROGRAM = new URL(`./hasher-process${import.meta.url.slice(-3)}`, import.meta.url);

const RETRY_AFTER_SECONDS = 2;

/**
 * Hashes passwords in a process of low priority, one after another. The process is started at the first password, and again
 * after it has ended. It keeps this process running only while passwords wait.
 */
export class ChildPasswordHasher implements PasswordHasher {
  readonly #maxWaiting: number;
  readonly #nodeFlags: readonly string[];
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #lastId = 0;

  constructor({ maxWaiting = 32, nodeFlags = [] }: ChildPasswordHasherOptions = {}) {
    this.#maxWaiting = maxWaiting;
    this.#nodeFlags = nodeFlags;
  }

  /** Id of the process; undefined while none runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async hash(password: string): Promise<string> {
    this.#throwIfTaken(this.#maxWaiting / 2);
    const { hash } = await this.#ask({ password });
    if (hash === undefined) throw new TypeError('the hasher returned no hash');
    return hash;
  }

  async verify(hash: string, password: string): Promise<boolean> {
    return (await this.#ask({ hash, password })).matches === true;
  }

  throwIfBusy(): void {
    this.#throwIfTaken(this.#maxWaiting);
  }

  /** Ends the process. Passwords that wait are rejected with `Unavailable`. */
  close(): void {
    this.#child?.disconnect();
  }

  #throwIfTaken(places: number): void {
    if (this.#waiting.size >= places) throw new PasswordHasherBusy(RETRY_AFTER_SECONDS);
  }

  async #ask(request: Omit<HashRequest, 'id'>): Promise<HashResponse> {
    this.throwIfBusy();
    this.#child ??= this.#start();
    const child = this.#child;
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.channel?.ref();
      child.send({ ...request, id });
    });
  }

  #start(): ChildProcess {
    const child = fork(PROGRAM, {
      execArgv: [...this.#nodeFlags],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.unref();
    child.on('message', (response: HashResponse) => this.#settle(child, response));
    child.on('error', () => this.#ended(child));
    child.on('disconnect', () => this.#ended(child));
    return child;
  }

  #settle(child: ChildProcess, response: HashResponse): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if (this.#waiting.size === 0) child.channel?.unref();
    if (response.failure === undefined) waiting?.resolve(response);
    else waiting?.reject(new TypeError(`the password could not be hashed: ${response.failure}`));
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const { reject } of this.#waiting.values())
      reject(new Unavailable('the process that hashes passwords has ended; retry'));
    this.#waiting.clear();
  }
}
