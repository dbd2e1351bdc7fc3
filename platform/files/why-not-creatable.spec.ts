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

it('what is there, or is missing below a folder, can be made, and nothing is left of the try', () => {
  mkdirSync(join(folder, 'there'));
  expect(whyNotCreatable(join(folder, 'there'))).toBeUndefined();
  expect(whyNotCreatable(join(folder, 'missing'))).toBeUndefined();
  expect(whyNotCreatable(join(folder, 'missing', 'too', 'deep'))).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['there']);
});

it('nothing can be made below a file', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(whyNotCreatable(join(file, 'a'))).toBe(`${file} is not a folder`);
  expect(whyNotCreatable(join(file, 'a', 'b'))).toBe(`${file} is not a folder`);
});

it.runIf(process.platform === 'linux')('a folder that the system lets no user create is reported', () => {
  expect(whyNotCreatable('/proc/absent/data')).toBe('nothing can be made in /proc (ENOENT)');
});

it.runIf(process.getuid !== undefined && process.getuid() !== 0)(
  'nothing can be made in a folder that others own',
  () => {
    mkdirSync(join(folder, 'read-only'), { mode: 0o500 });
    expect(whyNotCreatable(join(folder, 'read-only', 'a'))).toBe(
      `nothing can be made in ${join(folder, 'read-only')} (EACCES)`,
    );
  },
);
