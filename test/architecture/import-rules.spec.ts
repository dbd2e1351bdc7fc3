import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  cruise,
  type ICruiseResult,
  type IForbiddenRuleType,
  type IRegularForbiddenRuleType,
} from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const { forbidden, options } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: IRegularForbiddenRuleType[];
  options: Record<string, unknown>;
};
const ROOMS = 'domain event-store write-side projections read-store read-api embedded cli bin platform'.split(
  ' ',
);

/** For every rule, one import that it must refuse: the file that holds it, and what it imports. */
const PLANTED: Record<string, readonly [file: string, imports: string]> = {
  'domain keeps to its neighbours': ['domain/order/planted.ts', '../../platform/planted-target.ts'],
  'event-store keeps to its neighbours': ['event-store/planted.ts', '../write-side/planted-target.ts'],
  'write-side keeps to its neighbours': [
    'write-side/commands/planted.ts',
    '../../read-store/planted-target.ts',
  ],
  'write-side/process-managers keeps to its neighbours': [
    'write-side/process-managers/planted.ts',
    '../../projections/orders/planted-target.ts',
  ],
  'projections keeps to its neighbours': ['projections/planted.ts', '../read-api/planted-target.ts'],
  'read-store keeps to its neighbours': ['read-store/planted.ts', '../projections/planted-target.ts'],
  'read-api keeps to its neighbours': ['read-api/planted.ts', '../event-store/planted-target.ts'],
  'embedded keeps to its neighbours': ['embedded/planted.ts', '../platform/planted-target.ts'],
  'cli keeps to its neighbours': ['cli/planted.ts', '../platform/planted-target.ts'],
  'platform keeps to its neighbours': ['platform/planted.ts', '../domain/planted-target.ts'],
  'only its room knows @eventstore/db-client': ['projections/planted.ts', '@eventstore/db-client'],
  'only its room knows mongodb': ['read-api/planted.ts', 'mongodb'],
  'only its room knows libsql': ['read-api/planted.ts', 'libsql'],
  'only its room knows @grpc/grpc-js': ['write-side/planted.ts', '@grpc/grpc-js'],
  'the domain knows nothing but zod': ['domain/order/planted.ts', 'node:fs'],
  'aggregates never import one another': ['domain/order/planted.ts', '../product/planted-target.ts'],
  'projections take events only from the domain': [
    'projections/planted.ts',
    '../domain/order/planted-target.ts',
  ],
  'the command line speaks HTTP': ['cli/planted.ts', 'libsql'],
  'no circles': ['platform/planted-target.ts', './planted.ts'],
  'every import resolves': ['cli/planted.ts', './nowhere.ts'],
};

const run = async (folders: string[], baseDir: string): Promise<ICruiseResult> => {
  const { output } = await cruise(folders, {
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: forbidden as IForbiddenRuleType[] },
  });
  return output as ICruiseResult;
};

describe('the import rules', () => {
  let planted: string;
  let found: Promise<ICruiseResult>;

  beforeAll(async () => {
    planted = await mkdtemp(join(tmpdir(), 'orderstream-imports-'));
    const write = async (file: string, text: string) => {
      await mkdir(dirname(join(planted, file)), { recursive: true });
      await writeFile(join(planted, file), text, { flag: 'a' });
    };
    await symlink(join(root, 'node_modules'), join(planted, 'node_modules'));
    await symlink(join(root, 'tsconfig.json'), join(planted, 'tsconfig.json'));
    for (const [file, imports] of Object.values(PLANTED)) {
      await write(file, `import '${imports}';\n`);
      if (imports.includes('planted-target')) await write(join(dirname(file), imports), 'export {};\n');
    }
    await write('platform/planted.ts', "import './planted-target.ts';\n");
    found = run([...new Set(Object.values(PLANTED).map(([file]) => file.split('/')[0] ?? ''))], planted);
  });
  afterAll(() => rm(planted, { recursive: true }));

  it('have a planted violation each', () => {
    expect(Object.keys(PLANTED).sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  it.each(Object.entries(PLANTED))('%s: refuses a planted violation', async (rule, [file]) => {
    const { violations } = (await found).summary;
    expect(violations.filter((violation) => violation.rule.name === rule).map(({ from }) => from)).toContain(
      file,
    );
  });

  it('each look at one file of the house at least, and find nothing to refuse', async () => {
    const { modules, summary } = await run(ROOMS, root);
    const matches = (pattern: string | string[] | undefined, path: string) =>
      pattern === undefined || [pattern].flat().some((one) => new RegExp(one).test(path));
    const idle = forbidden.filter(
      ({ from }) =>
        !modules.some(
          ({ source }) =>
            matches(from?.path, source) && !(from?.pathNot !== undefined && matches(from.pathNot, source)),
        ),
    );
    expect(idle.map(({ name }) => name)).toEqual([]);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });
});
