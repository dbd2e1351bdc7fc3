import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A part of the bench that runs in a process of its own and answers one message at a time. */
export class Child<Request extends object, Answer> {
  readonly #process: ChildProcess;

  /** Starts a built module of the bench. `BENCH_NODE_ARGS` adds Node options, such as those of a profiler, to `args`. */
  constructor(module: URL, args: readonly string[] = []) {
    const given = (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter((argument) => argument !== '');
    this.#process = fork(fileURLToPath(module), { execArgv: [...args, ...given] });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Throws when the process ends instead. */
  async ask(request: Request): Promise<Answer> {
    const answered = new AbortController();
    const { signal } = answered;
    this.#process.send(request);
    try {
      const [answer] = await Promise.race([
        once(this.#process, 'message', { signal }),
        once(this.#process, 'exit', { signal }).then(() => {
          throw new Error('a process of the bench ended');
        }),
      ]);
      return answer as Answer;
    } finally {
      answered.abort();
    }
  }

  async end(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}

/** What such a process does with each message. */
export function serve<Request, Answer>(answer: (request: Request) => Promise<Answer>): void {
  process.once('disconnect', () => process.exit());
  process.on('message', (request: Request) => {
    answer(request).then(
      (answered) => process.send?.(answered),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
