import { mkdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { CommandFailed, exitCodes } from '../errors.ts';

/** A stored log-in at one server. */
export interface LogIn {
  readonly email: string;
  readonly user: { readonly userId: string; readonly role: string; readonly name: string | null };
  readonly accessToken: string;
  /** By the clock of this machine, in milliseconds since 1970. */
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
}

/** Log-ins by the address of their server. */
type LogIns = Readonly<Record<string, LogIn>>;

/** Returns the folder of a user's settings (XDG base directory specification). */
export const configFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'orderstream');

/** Windows has no such modes: there the folder of the user protects the file. */
const HAS_MODES = process.platform !== 'win32';

/** Stored log-ins, in a file that only its owner may read. */
export class Credentials {
  readonly #folder: string;
  readonly #file: string;

  constructor(folder = configFolder()) {
    this.#folder = folder;
    this.#file = join(folder, 'credentials.json');
  }

  /** Returns the log-in at a server. Throws `CommandFailed` when others may read the file, or it is damaged. */
  async read(server: string): Promise<LogIn | undefined> {
    return (await this.#readAll())[server];
  }

  /**
   * Replaces the log-in at a server by what `change` returns; undefined removes it. One process at a time: another one
   * waits, and then reads what this one has stored. Returns the new log-in.
   */
  async update(
    server: string,
    change: (before: LogIn | undefined) => Promise<LogIn | undefined>,
  ): Promise<LogIn | undefined> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const release = await lock(this.#file, {
      realpath: false,
      retries: { retries: 120, factor: 1, minTimeout: 250, maxTimeout: 250, randomize: true },
    });
    try {
      const { [server]: before, ...others } = await this.#readAll();
      const after = await change(before);
      if (after === before) return after;
      const all: LogIns = after === undefined ? others : { ...others, [server]: after };
      // Written to another file first, and renamed: after a crash there is the old file or the new one.
      await writeFileAtomic(this.#file, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
      return after;
    } finally {
      await release();
    }
  }

  async #readAll(): Promise<LogIns> {
    try {
      const { mode } = await stat(this.#file);
      if (HAS_MODES && (mode & 0o077) !== 0)
        throw new CommandFailed(
          exitCodes.failed,
          `other users may read ${this.#file} (mode 0${(mode & 0o777).toString(8)}): run "chmod 600 ${this.#file}", and log in again if others may have read it`,
        );
      return JSON.parse(await readFile(this.#file, 'utf8')) as LogIns;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      if (error instanceof SyntaxError)
        throw new CommandFailed(exitCodes.failed, `${this.#file} is damaged: remove it, and log in again`);
      throw error;
    }
  }
}
