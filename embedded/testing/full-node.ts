import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { nodeArguments } from './child-node.ts';
import { killHard } from './kill-hard.ts';
import { spawnWithParent } from './spawn-with-parent.ts';

export interface FullNode {
  readonly connectionString: string;
  /** Lets the node write again. */
  makeRoom(): void;
  kill(): Promise<void>;
}

/** Starts a node whose files may not grow beyond `kib` KiB, which looks like a full disk to it. */
export async function startFullNode(folder: string, kib: number): Promise<FullNode> {
  const node = [process.execPath, ...nodeArguments('--port', '0', '--data', folder)];
  const script = 'ulimit -S -f "$0"; exec "$@"';
  const child = spawnWithParent('bash', ['-ec', script, String(kib), ...node], { stdio: 'pipe' });
  child.stderr.resume();
  const [ready] = await once(child.stdout, 'data');
  child.stdout.resume();
  return {
    connectionString: /esdb:\S+/.exec(String(ready))?.[0] ?? '',
    makeRoom: () => void execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']),
    kill: () => killHard(child),
  };
}
