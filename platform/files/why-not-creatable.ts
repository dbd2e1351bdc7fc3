import { mkdtempSync, rmdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Returns why a missing file or folder cannot be created, as a sentence; undefined when it exists or can be created. Tries it
 * with a temporary folder: permissions do not reveal a read-only disk, or `/proc`.
 */
export function whyNotCreatable(path: string): string | undefined {
  try {
    if (existing(path) !== undefined) return undefined;
    return whyNothingIn(dirname(path));
  } catch (error) {
    return `${path} cannot be read${codeOf(error)}`;
  }
}

function whyNothingIn(folder: string): string | undefined {
  const there = existing(folder);
  if (there === undefined) return whyNothingIn(dirname(folder));
  if (!there.isDirectory()) return `${folder} is not a folder`;
  try {
    rmdirSync(mkdtempSync(join(folder, '.orderstream-')));
    return undefined;
  } catch (error) {
    return `nothing can be made in ${folder}${codeOf(error)}`;
  }
}

/** Returns undefined for a missing path, also for one below a file. */
function existing(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? ` (${error.code})` : '';
