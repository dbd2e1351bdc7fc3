// Runs a command with a fresh embedded node, whose connection string is in NODE_URL, and ends with the command's exit code.
// usage: node with-node.mjs -- command…
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';

const [command, ...words] = process.argv.slice(process.argv.indexOf('--') + 1);
const main = new URL('../../dist/embedded/main.js', import.meta.url);

const node = fork(main, ['--memory', '--port', '0'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
// The node ends with this process, even when it is killed, because its IPC channel closes.
const [message] = await Promise.race([once(node, 'message'), once(node, 'exit').then(() => [])]);
if (message === undefined) process.exit(1);

const child = spawn(command, words, {
  stdio: 'inherit',
  env: { ...process.env, NODE_URL: message.connectionString },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
const [code] = await Promise.race([
  once(child, 'exit'),
  once(child, 'error').then(([error]) => Promise.reject(error)),
]);
node.kill();
await once(node, 'exit');
process.exit(code ?? 1);
