import { mkdtempSync, rmdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Says why a file or folder cannot be made where it is missing; undefined when it is there or can be made. Tries it with
 * a folder that is removed at once: permissions do not tell of a read-only disk, or of `/proc`.
 */
export function whyNotCreatable(path: string): string | undefined {
  try {
    if (existing(path) !== undefined) return undefined;
    return whyNothingIn(dirname(path));
  } catch (error) {
    return `${path} cannot be looked at${codeOf(error)}`;
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

/** Undefined also below a file. */
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
