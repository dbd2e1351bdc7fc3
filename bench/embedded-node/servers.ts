import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server in its own process. */
export interface ServerProcess {
  /** Host and port. */
  readonly address: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const built = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export async function startEchoServer(): Promise<ServerProcess> {
  return serverOf(fork(built('./echo-server.js')));
}

/** Starts the embedded node, synced to disk. `EMBEDDED_ARGS` adds Node options, such as those of a profiler. */
export async function startNode(dataDir: string): Promise<ServerProcess> {
  const execArgv = (process.env.EMBEDDED_ARGS ?? '').split(' ').filter((argument) => argument !== '');
  const child = fork(built('../../embedded/main.js'), ['--port', '0', '--data', dataDir], {
    silent: true,
    execArgv,
  });
  child.stderr?.pipe(process.stderr);
  return serverOf(child);
}

async function serverOf(child: ChildProcess): Promise<ServerProcess> {
  const [message] = (await once(child, 'message')) as [{ address?: string; port?: number }];
  return {
    address: message.address ?? `127.0.0.1:${message.port}`,
    pid: child.pid ?? 0,
    stop: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
