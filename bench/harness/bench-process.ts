import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark that answers one request message at a time. */
export class BenchProcess<Request extends object, Response> {
  readonly #process: ChildProcess;

  /** Starts a built module of the bench. `BENCH_NODE_ARGS` adds Node options, such as those of a profiler, to `args`. */
  constructor(module: URL, args: readonly string[] = []) {
    const given = (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter((argument) => argument !== '');
    this.#process = fork(fileURLToPath(module), { execArgv: [...args, ...given] });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Sends a request and returns the response. Throws when the process ends before. */
  async request(request: Request): Promise<Response> {
    const settled = new AbortController();
    const { signal } = settled;
    this.#process.send(request);
    try {
      const [response] = await Promise.race([
        once(this.#process, 'message', { signal }),
        once(this.#process, 'exit', { signal }).then(() => {
          throw new Error('a process of the bench ended');
        }),
      ]);
      return response as Response;
    } finally {
      settled.abort();
    }
  }

  async end(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}

/** Answers each request message in a process that `BenchProcess` has started. */
export function serveRequests<Request, Response>(respond: (request: Request) => Promise<Response>): void {
  process.once('disconnect', () => process.exit());
  process.on('message', (request: Request) => {
    respond(request).then(
      (response) => process.send?.(response),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
