import { type ChildProcessWithoutNullStreams, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { nodeArguments } from './child-node.ts';
import { killHard } from './kill-hard.ts';
import { spawnWithParent } from './spawn-with-parent.ts';

export interface ShellNode {
  readonly child: ChildProcessWithoutNullStreams;
  readonly connectionString: string;
  /** Returns the standard error until now. */
  stderr(): string;
}

/**
 * Spawns a shell that prepares a disk and then runs the node with `"$@"`.
 * @param values `$0`, `$1` … of the script, before the command of the node
 */
export function spawnInShell(folder: string, script: string, ...values: string[]) {
  const node = [process.execPath, ...nodeArguments('--port', '0', '--data', folder)];
  return spawnWithParent('bash', ['-ec', script, ...values, ...node], { stdio: 'pipe' });
}

/** Like `spawnInShell`; resolves when the node is ready. */
export async function startInShell(...words: Parameters<typeof spawnInShell>): Promise<ShellNode> {
  const child = spawnInShell(...words);
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const [ready] = await once(child.stdout, 'data');
  return { child, connectionString: /esdb:\S+/.exec(String(ready))?.[0] ?? '', stderr: () => stderr };
}

export interface FullNode extends ShellNode {
  /** Lets the node write again. */
  makeRoom(): void;
  kill(): Promise<void>;
}

/** Starts a node whose files may not grow beyond `kib` KiB, which looks like a full disk to it. */
export async function startFullNode(folder: string, kib: number): Promise<FullNode> {
  const node = await startInShell(folder, 'ulimit -S -f "$0"; exec "$@"', String(kib));
  return {
    ...node,
    makeRoom: () => void execFileSync('prlimit', ['--pid', String(node.child.pid), '--fsize=unlimited']),
    kill: () => killHard(node.child),
  };
}
