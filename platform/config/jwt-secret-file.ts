import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { ConfigError } from './config-error.ts';
import { minSecretBytes, settings } from './settings.ts';

export const jwtSecretFile = (dataDir: string): string => join(dataDir, 'jwt-secret');

/**
 * Returns the secret in `DATA_DIR/jwt-secret`, which only its owner may read; creates it when it is missing. When several
 * processes create one concurrently, all return the first. Throws `ConfigError`, and errors of the file system.
 */
export function readOrCreateJwtSecret(dataDir: string): string {
  const file = jwtSecretFile(dataDir);
  const secret = existing(file) ?? create(dataDir, file);
  if (Buffer.byteLength(secret) < minSecretBytes)
    throw new ConfigError(settings.jwtSecret.name, `kept in ${file}, too short`, settings.jwtSecret.allowed);
  return secret;
}

function create(dataDir: string, file: string): string {
  makeFolder(dataDir);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link is created atomically, and never replaces an existing file.
    linkSync(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readOwn(file);
}

function existing(file: string): string | undefined {
  try {
    return readOwn(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Windows has no such modes: there the folder protects the file. */
const HAS_MODES = process.platform !== 'win32';
const OTHERS = 0o077;

/** Reads the file. Throws `ConfigError` when other users may read it too: they may have signed tokens with the secret. */
function readOwn(file: string): string {
  const opened = openSync(file, 'r');
  try {
    const { mode } = fstatSync(opened);
    if (!HAS_MODES || (mode & OTHERS) === 0) return readFileSync(opened, 'utf8').trim();
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    throw new ConfigError(
      settings.jwtSecret.name,
      `kept in ${file}, which users other than its owner may read (mode ${octal})`,
      `a file of mode 0600: chmod 600 ${file}`,
    );
  } finally {
    closeSync(opened);
  }
}

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
