import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedNode } from '../node.ts';
import { spawnWithParent } from '../testing/spawn-with-parent.ts';

/** The recorder waits for real timeouts and checkpoints: about a minute, longer on a busy machine. */
const MAX_RECORDING_MS = 300_000;
const MAX_EXCEPTIONS = 7;
const REAL = 'eventstoredb-24.10.6.json';

const here = (file: string) => new URL(file, import.meta.url);
const readJson = async (file: string) => JSON.parse(await readFile(here(file), 'utf8'));

/** Runs a script of this folder; returns its output and exit code. */
function run(
  script: string,
  ...options: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawnWithParent(process.execPath, [here(script).pathname, ...options], {});
    const printed = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.err += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...printed }));
  });
}

const groupOf = (scenario: string) => scenario.slice(0, scenario.indexOf(':'));
const recorded: Record<string, unknown> = await readJson(REAL);
const groups = [...new Set(Object.keys(recorded).map(groupOf))];

describe('the embedded node responds like the recorded EventStoreDB', () => {
  let compared = '';
  let recorderErrors = '';

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
    const node = await startEmbeddedNode({ port: 0, memory: true });
    try {
      const { out, err } = await run('record.mjs', node.connectionString);
      recorderErrors = err;
      const actual = join(folder, 'embedded.json');
      await writeFile(actual, out);
      const exceptions = here('exceptions.json').pathname;
      compared = (await run('compare.mjs', here(REAL).pathname, actual, '--except', exceptions)).out;
    } finally {
      await node.stop();
      await rm(folder, { recursive: true });
    }
  }, MAX_RECORDING_MS);

  it.each(groups)('in each scenario of %s', (group) => {
    const differing = compared.split(/^(?=✗ )/m).filter((part) => part.startsWith(`✗ ${group}: `));
    expect(differing.join('')).toBe('');
  });

  it('in all scenarios, except the listed exceptions', () => {
    expect(compared, recorderErrors).toMatch(/ 0 failed, \d+ excepted\n$/);
  });
});

describe('the list of exceptions', () => {
  it('has at most seven entries, each with a reason', async () => {
    const reasons = Object.values<string>(await readJson('exceptions.json'));

    expect(reasons.length).toBeLessThanOrEqual(MAX_EXCEPTIONS);
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(20);
  });
});
