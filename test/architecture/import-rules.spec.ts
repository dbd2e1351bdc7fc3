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
const MODULES =
  'domain event-catalogue event-store command-handling write-side process-managers integrations projections read-store key-store read-api gateway embedded cli bin platform'.split(
    ' ',
  );

/** One forbidden import for each rule: the importing file and the imported module. */
const PLANTED: Record<string, readonly [file: string, imports: string]> = {
  'domain imports only the modules below it': ['domain/order/planted.ts', '../../platform/planted-target.ts'],
  'event-catalogue imports only the modules below it': [
    'event-catalogue/planted.ts',
    '../event-store/planted-target.ts',
  ],
  'event-store imports only the modules below it': [
    'event-store/append/planted.ts',
    '../../event-catalogue/planted-target.ts',
  ],
  'command-handling imports only the modules below it': [
    'command-handling/planted.ts',
    '../write-side/planted-target.ts',
  ],
  'write-side imports only the modules below it': [
    'write-side/orders/planted.ts',
    '../../read-store/planted-target.ts',
  ],
  'process-managers imports only the modules below it': [
    'process-managers/planted.ts',
    '../projections/orders/planted-target.ts',
  ],
  'integrations imports only the modules below it': [
    'integrations/planted.ts',
    '../event-store/planted-target.ts',
  ],
  'projections imports only the modules below it': [
    'projections/planted.ts',
    '../read-api/planted-target.ts',
  ],
  'read-store imports only the modules below it': [
    'read-store/planted.ts',
    '../projections/planted-target.ts',
  ],
  'key-store imports only the modules below it': ['key-store/planted.ts', '../domain/planted-target.ts'],
  'read-api imports only the modules below it': ['read-api/planted.ts', '../event-store/planted-target.ts'],
  'gateway imports only the modules below it': ['gateway/planted.ts', '../domain/planted-target.ts'],
  'embedded imports only the modules below it': ['embedded/planted.ts', '../platform/planted-target.ts'],
  'cli imports only the modules below it': ['cli/planted.ts', '../platform/planted-target.ts'],
  'platform imports only the modules below it': ['platform/planted.ts', '../domain/planted-target.ts'],
  'only one module imports @eventstore/db-client': ['projections/planted.ts', '@eventstore/db-client'],
  'only one module imports mongodb': ['read-api/planted.ts', 'mongodb'],
  'only one module imports libsql': ['read-api/planted.ts', 'libsql'],
  'only one module imports @grpc/grpc-js': ['write-side/planted.ts', '@grpc/grpc-js'],
  'only one module imports @node-rs/argon2': ['write-side/planted.ts', '@node-rs/argon2'],
  'only one module imports nodemailer': ['process-managers/planted.ts', 'nodemailer'],
  'the domain imports no package but zod and immutable': ['domain/order/planted.ts', 'node:fs'],
  'aggregates never import one another': ['domain/order/planted.ts', '../product/planted-target.ts'],
  'the engine of the process managers imports no aggregate and no workflow': [
    'process-managers/engine/planted.ts',
    '../../domain/shipment/planted-target.ts',
  ],
  'process managers never import one another': [
    'process-managers/opening-stock/planted.ts',
    '../fulfilment/planted-target.ts',
  ],
  'projections import only the events of an aggregate': [
    'projections/planted.ts',
    '../domain/order/planted-target.ts',
  ],
  'the query API imports only values of the domain': [
    'read-api/planted.ts',
    '../domain/order/planted-target.ts',
  ],
  'the command line uses only the HTTP APIs': ['cli/planted.ts', 'libsql'],
  'no circular imports': ['platform/planted-target.ts', './planted.ts'],
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

  it('have one planted violation each', () => {
    expect(Object.keys(PLANTED).sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  it.each(Object.entries(PLANTED))('%s: reports the planted violation', async (rule, [file]) => {
    const { violations } = (await found).summary;
    expect(violations.filter((violation) => violation.rule.name === rule).map(({ from }) => from)).toContain(
      file,
    );
  });

  it('each apply to at least one file of the project, and find no violation', async () => {
    const { modules, summary } = await run(MODULES, root);
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
