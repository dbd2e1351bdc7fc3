import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedNode } from '../node.ts';
import { spawnWithParent } from '../testing/spawn-with-parent.ts';

/** The recorders wait for real timeouts and checkpoints: about 20 s, longer on a busy machine. */
const MAX_RECORDING_MS = 300_000;
/** Only a scenario that hangs takes as long. */
const MAX_SCENARIO_MS = '60000';
/** Groups of scenarios that wait long; each has its own node and recorder, so that they wait at the same time. */
const SLOW_GROUPS = ['raw-write', 'raw-persistent'];
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
    const child = spawnWithParent(process.execPath, [here(script).pathname, ...options], {
      env: { ...process.env, TIMEOUT_MS: MAX_SCENARIO_MS },
    });
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

  /** Records these groups on a new node; returns the results by scenario. */
  async function record(groups: readonly string[]): Promise<Record<string, unknown>> {
    const node = await startEmbeddedNode({ port: 0, memory: true });
    try {
      const names = groups.map((group) => `${group}: `);
      const { code, out, err } = await run('record.mjs', node.connectionString, ...names);
      if (code !== 0) throw new Error(`The recorder failed: ${err}`);
      recorderErrors += err;
      return JSON.parse(out);
    } finally {
      await node.stop();
    }
  }

  beforeAll(async () => {
    const others = groups.filter((group) => !SLOW_GROUPS.includes(group));
    const recordings = await Promise.all([...SLOW_GROUPS.map((group) => [group]), others].map(record));
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
    try {
      const actual = join(folder, 'embedded.json');
      await writeFile(actual, JSON.stringify(Object.assign({}, ...recordings)));
      const exceptions = here('exceptions.json').pathname;
      compared = (await run('compare.mjs', here(REAL).pathname, actual, '--except', exceptions)).out;
    } finally {
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
