import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whyNotCreatable } from './why-not-creatable.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unmakeable-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('whyNotCreatable accepts an existing path and a missing path below a folder, and leaves no temporary folder', () => {
  mkdirSync(join(folder, 'there'));
  expect(whyNotCreatable(join(folder, 'there'))).toBeUndefined();
  expect(whyNotCreatable(join(folder, 'missing'))).toBeUndefined();
  expect(whyNotCreatable(join(folder, 'missing', 'too', 'deep'))).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['there']);
});

it('whyNotCreatable rejects a path below a file', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(whyNotCreatable(join(file, 'a'))).toBe(`${file} is not a folder`);
  expect(whyNotCreatable(join(file, 'a', 'b'))).toBe(`${file} is not a folder`);
});

it.runIf(process.platform === 'linux')('rejects a path where the system lets no user create a folder', () => {
  expect(whyNotCreatable('/proc/absent/data')).toBe('nothing can be created in /proc (ENOENT)');
});

it.runIf(process.getuid !== undefined && process.getuid() !== 0)(
  'whyNotCreatable rejects a path in a folder that the user may not write',
  () => {
    mkdirSync(join(folder, 'read-only'), { mode: 0o500 });
    expect(whyNotCreatable(join(folder, 'read-only', 'a'))).toBe(
      `nothing can be created in ${join(folder, 'read-only')} (EACCES)`,
    );
  },
);
