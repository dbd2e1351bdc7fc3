import process from 'node:process';
import { parseArgs } from 'node:util';
import { PortUnavailable } from './network/port-unavailable.ts';
import { type EmbeddedNode, type EmbeddedNodeOptions, startEmbeddedNode } from './node.ts';
import { LogUnavailable } from './storage/errors.ts';

const USAGE = 'usage: node dist/embedded/main.js [--port 2113] [--host 127.0.0.1] (--data FOLDER | --memory)';
const DEFAULT_PORT = '2113';
const MINUTE_MS = 60_000;

/** The command line has an invalid option. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

function readOptions(): EmbeddedNodeOptions {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: DEFAULT_PORT },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port must be a whole number from 0 to 65535; got ${values.port}.`);
  }
  if (values.memory === (values.data !== undefined)) throw new UsageError('Set either --data or --memory.');
  const common = { port, host: values.host, onError: printOncePerMinute() };
  return values.data === undefined ? { memory: true, ...common } : { dataDir: values.data, ...common };
}

/** A full disk fails every append, so most of its errors are not printed. */
function printOncePerMinute(): (sentence: string) => void {
  let printedAt = -Infinity;
  return (sentence) => {
    if (performance.now() - printedAt < MINUTE_MS) return;
    printedAt = performance.now();
    process.stderr.write(`${sentence}\n`);
  };
}

/** Stops the node on SIGINT and SIGTERM, and when a parent that spawned it with an IPC channel ends or is killed. */
function stopOnSignal(node: EmbeddedNode): void {
  const stop = () => void node.stop();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.channel) process.once('disconnect', stop);
  void node.stopped.then(() => process.exit(0));
}

try {
  const node = await startEmbeddedNode(readOptions());
  stopOnSignal(node);
  process.stdout.write(`Embedded event store ready: ${node.connectionString}\n`);
  process.send?.({ ready: true, port: node.port, connectionString: node.connectionString });
} catch (error) {
  if (error instanceof LogUnavailable || error instanceof PortUnavailable) {
    process.stderr.write(`${error.message}\n`);
  } else if (error instanceof UsageError || (error instanceof TypeError && 'code' in error)) {
    process.stderr.write(`${error.message}\n${USAGE}\n`);
  } else throw error;
  process.exitCode = 1;
  process.disconnect?.();
}
