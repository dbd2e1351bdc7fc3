import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Kills the running process groups when its standard input closes: when this process ends, also by kill -9. */
const REAPER = `
const running = new Set();
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => (line[0] === '+' ? running.add(line.slice(1)) : running.delete(line.slice(1))))
  .on('close', () => { for (const pid of running) try { process.kill(-pid, 'SIGKILL'); } catch {} });
`;

let reaper: Socket | undefined;

/** Like `spawn`, into a new process group. The whole group is killed when this process ends, even by kill -9. */
export const spawnWithParent = ((
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess => {
  reaper ??= startReaper();
  const toReaper = reaper;
  const child = spawn(program, args, { ...options, detached: true });
  toReaper.write(`+${child.pid}\n`);
  child.once('close', () => toReaper.write(`-${child.pid}\n`));
  return child;
}) as typeof spawn;

/** Starts detached, so that a signal to this process's group does not end the reaper first. */
function startReaper(): Socket {
  const child = spawn(process.execPath, ['-e', REAPER], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  const socket = child.stdin as Socket;
  socket.on('error', () => {});
  socket.unref();
  return socket;
}
