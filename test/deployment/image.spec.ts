import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { roleNames } from '../../bin/roles/roles.ts';
import { argsOf, copyOf, environmentOf, read, root, stagesOf } from './dockerfile.ts';
import { isSent } from './dockerignore.ts';

const stages = stagesOf(read('deploy/Dockerfile'));
const stage = (name: string) => stages.find((one) => one.name === name) ?? { name, instructions: [] };
const copies = (name: string) => argsOf(stage(name), 'COPY').map(copyOf);

describe('the image', () => {
  it('is built from the folders that the build compiles', () => {
    const folders: string[] = JSON.parse(read('tsconfig.build.json')).include;
    const copied = copies('build').filter(({ to }) => to !== './');
    expect(copied).toEqual(
      folders.map((folder) => ({ from: undefined, sources: [`${folder}/`], to: `${folder}/` })),
    );
  });

  it('has exactly the files in its build context that it copies', () => {
    const copied = stages
      .flatMap((one) => argsOf(one, 'COPY').map(copyOf))
      .filter(({ from }) => from === undefined)
      .flatMap(({ sources }) => sources.map((source) => source.replace(/\/$/, '')));
    for (const source of copied)
      expect([source, existsSync(join(root, source)), isSent(source)]).toEqual([source, true, true]);
    const included = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(included.map((line) => line.slice(1)).sort()).toEqual([...new Set(copied)].sort());
  });

  it.each([
    '.env',
    '.git/config',
    'data/jwt-secret',
    'node_modules/zod/package.json',
    'dist/bin/orderstream.js',
    'test/support/http.ts',
    'bin/roles/x.spec.ts',
    'projections/testing/log.ts',
    'deploy/Dockerfile',
  ])('does not have %s in its build context', (path) => {
    expect(isSent(path)).toBe(false);
  });

  it('runs without root', () => {
    expect(argsOf(stage(''), 'USER')).toEqual(['1000:1000']);
  });

  it('runs no install scripts, since `prepare` would build before the sources are copied', () => {
    const installs = stages.flatMap((one) => argsOf(one, 'RUN')).filter((run) => run.includes('npm ci'));
    expect(installs).toEqual(['npm ci --ignore-scripts', 'npm ci --omit=dev --ignore-scripts']);
  });

  it('checks the health of every role at the port it listens on', () => {
    const env = environmentOf(stages);
    const health = read('deploy/health.mjs');
    const ports = new Map(
      [...health.matchAll(/^ {2}'?([a-z-]+)'?: '([A-Z_]+_PORT)',$/gm)].map(([, role, port]) => [role, port]),
    );
    expect([...ports.keys()].sort()).toEqual([...roleNames].sort());
    const exposed = [...ports.values()].map((port) => env[String(port)]);
    expect(argsOf(stage(''), 'EXPOSE')).toEqual([exposed.sort().join(' ')]);
  });
});
