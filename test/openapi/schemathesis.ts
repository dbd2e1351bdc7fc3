import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { spawnWithParent } from '../../embedded/testing/spawn-with-parent.ts';

export interface FuzzRun {
  readonly baseUrl: string;
  readonly token: string;
  /** Folder with the `schemathesis.toml`, for its files. */
  readonly folder: string;
}

/** Maximum number of generated requests per operation and phase. */
const MAX_EXAMPLES = 15;
/** Long enough for a query that waits 5 s for a read model. */
const REQUEST_TIMEOUT_S = 20;

/** Runs schemathesis on an API's OpenAPI document; returns its output when it found a problem, else an empty text. */
export async function findings({ baseUrl, token, folder }: FuzzRun): Promise<string> {
  const program = process.env.SCHEMATHESIS;
  if (program === undefined)
    throw new Error('SCHEMATHESIS must be the path of the program: use test/openapi/run.sh');
  const args = [
    'run',
    `${baseUrl}/openapi.json`,
    ...['--header', `Authorization: Bearer ${token}`],
    ...['--checks', 'all', '--phases', 'examples,coverage,fuzzing,stateful'],
    ...['--seed', '1', '--generation-deterministic'],
    ...['--max-examples', String(MAX_EXAMPLES), '--request-timeout', String(REQUEST_TIMEOUT_S)],
    ...['--continue-on-failure', '--no-color', '--warnings', 'off'],
  ];
  const child = spawnWithParent(program, args, {
    cwd: folder,
    env: { ...process.env, SCHEMATHESIS_HOOKS: fileURLToPath(new URL('./hooks.py', import.meta.url)) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return code === 0 ? '' : `${stdout}\n${stderr}`;
}
