import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { spawnWithParent } from './spawn-with-parent.ts';

const HOOK = new URL('./run-typescript.mjs', import.meta.url).href;
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** Path of the compiled program, which starts faster; for tests that start it often. */
const BUILT = process.env.EMBEDDED_MAIN;

export interface ChildNode {
  readonly child: ChildProcess;
  readonly connectionString: string;
}

/** Returns the arguments with which Node runs the program, from TypeScript unless it is compiled. */
export const nodeArguments = (...options: string[]): string[] => [
  ...(BUILT === undefined ? ['--import', HOOK, MAIN] : [BUILT]),
  ...options,
];

/** Spawns the program; it is killed when this process ends. */
export const spawnNode = (...options: string[]): ChildProcess =>
  spawnWithParent(process.execPath, nodeArguments(...options), { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });

/** Spawns the program; resolves when the node is ready. @throws {Error} with its output when it exits before */
export async function startChildNode(...options: string[]): Promise<ChildNode> {
  const child = spawnNode('--port', '0', ...options);
  const failed = failureOf(child).then(({ code, stderr }) => {
    throw new Error(`The node exited with code ${code}: ${stderr}`);
  });
  const [message] = await Promise.race([once(child, 'message'), failed]);
  return { child, connectionString: (message as { connectionString: string }).connectionString };
}

/** Returns the exit code and standard error of a child that fails to start. */
export async function failureOf(child: ChildProcess): Promise<{ code: number; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}
