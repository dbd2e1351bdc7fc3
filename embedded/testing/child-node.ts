import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { spawnWithParent } from './spawn-with-parent.ts';

const HOOK = new URL('./run-typescript.mjs', import.meta.url).href;
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** A program that is built already starts faster: for tests that start it often. */
const BUILT = process.env.EMBEDDED_MAIN;

export interface ChildNode {
  readonly child: ChildProcess;
  readonly connectionString: string;
}

/** What Node is started with to run the program as it is written. */
export const nodeArguments = (...options: string[]): string[] => [
  ...(BUILT === undefined ? ['--import', HOOK, MAIN] : [BUILT]),
  ...options,
];

/** Spawns the program; ends with this process, whatever happens to it. */
export const spawnNode = (...options: string[]): ChildProcess =>
  spawnWithParent(process.execPath, nodeArguments(...options), { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });

/** Resolves when the node in the child answers. */
export async function startChildNode(...options: string[]): Promise<ChildNode> {
  const child = spawnNode('--port', '0', ...options);
  const [message] = await once(child, 'message');
  return { child, connectionString: (message as { connectionString: string }).connectionString };
}

/** What a child that cannot start says, and its exit code. */
export async function failureOf(child: ChildProcess): Promise<{ code: number; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}
