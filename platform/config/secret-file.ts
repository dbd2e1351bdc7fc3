import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { ConfigError } from './config-error.ts';
import { masterKeyBytes, minSecretBytes, type Setting, settings } from './settings.ts';

/** A secret that is kept in a file of `DATA_DIR` when no variable gives it. */
export interface KeptSecret {
  readonly setting: Pick<Setting, 'name' | 'allowed'>;
  /** Name of the file in `DATA_DIR`. */
  readonly file: string;
  readonly create: () => string;
  /** Says what is wrong with the content of the file; undefined when it is good. */
  readonly describeBad: (secret: string) => string | undefined;
}

export const jwtSecret: KeptSecret = {
  setting: settings.jwtSecret,
  file: 'jwt-secret',
  create: () => randomBytes(48).toString('base64url'),
  describeBad: (secret) => (Buffer.byteLength(secret) < minSecretBytes ? 'too short' : undefined),
};

export const masterKey: KeptSecret = {
  setting: settings.masterKey,
  file: 'master-key',
  create: () => randomBytes(masterKeyBytes).toString('base64'),
  describeBad: (secret) =>
    settings.masterKey.schema.safeParse(secret).success ? undefined : 'not 32 bytes in base64',
};

export const pathOf = ({ file }: KeptSecret, dataDir: string): string => join(dataDir, file);

/**
 * Returns the secret in its file, which only its owner may read; creates it when it is missing. When several processes create
 * one concurrently, all return the first. Throws `ConfigError`, and errors of the file system.
 */
export function readOrCreateSecret(kept: KeptSecret, dataDir: string): string {
  const file = pathOf(kept, dataDir);
  const secret = existing(file, kept) ?? create(file, kept, dataDir);
  const bad = kept.describeBad(secret);
  if (bad !== undefined)
    throw new ConfigError(kept.setting.name, `kept in ${file}, ${bad}`, kept.setting.allowed);
  return secret;
}

function create(file: string, kept: KeptSecret, dataDir: string): string {
  makeFolder(dataDir);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${kept.create()}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link is created atomically, and never replaces an existing file.
    linkSync(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readOwn(file, kept);
}

function existing(file: string, kept: KeptSecret): string | undefined {
  try {
    return readOwn(file, kept);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Windows has no such modes: there the folder protects the file. */
const HAS_MODES = process.platform !== 'win32';
const OTHERS = 0o077;

/** Reads the file. Throws `ConfigError` when other users may read it too: they may have used the secret. */
function readOwn(file: string, { setting }: KeptSecret): string {
  const opened = openSync(file, 'r');
  try {
    const { mode } = fstatSync(opened);
    if (!HAS_MODES || (mode & OTHERS) === 0) return readFileSync(opened, 'utf8').trim();
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    throw new ConfigError(
      setting.name,
      `kept in ${file}, which users other than its owner may read (mode ${octal})`,
      `a file of mode 0600: chmod 600 ${file}`,
    );
  } finally {
    closeSync(opened);
  }
}

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
