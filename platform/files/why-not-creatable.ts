import { mkdtempSync, rmdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Returns why a missing file or folder cannot be created; undefined when it exists or can be created. Creates a temporary
 * folder to find out: permissions do not reveal a read-only disk, or `/proc`.
 */
export function whyNotCreatable(path: string): string | undefined {
  try {
    if (existing(path) !== undefined) return undefined;
    return whyNotWritable(dirname(path));
  } catch (error) {
    return `${path} cannot be read${codeOf(error)}`;
  }
}

function whyNotWritable(folder: string): string | undefined {
  const found = existing(folder);
  if (found === undefined) return whyNotWritable(dirname(folder));
  if (!found.isDirectory()) return `${folder} is not a folder`;
  try {
    rmdirSync(mkdtempSync(join(folder, '.orderstream-')));
    return undefined;
  } catch (error) {
    return `nothing can be created in ${folder}${codeOf(error)}`;
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
