import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** A read model that is behind for longer has another problem, which its user should see. */
const MAX_AGE_MS = 60_000;

/** Returns the folder of what a program remembers between its runs (XDG base directory specification). */
export const stateFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'orderstream');

interface LastWrite {
  readonly position: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** Remembers the log position of the last write at each server for a minute, so that later commands read that write. */
export class LastWrites {
  readonly #folder: string;
  readonly #clock: () => number;

  constructor(folder = stateFolder(), clock = Date.now) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Returns the position; undefined without a recent write. */
  async read(server: string): Promise<string | undefined> {
    return (await this.#recent())[server]?.position;
  }

  /** Remembers a position. Ignores errors: the write itself has succeeded. */
  async remember(server: string, position: string): Promise<void> {
    try {
      const recent = await this.#recent();
      const known = recent[server]?.position;
      if (known !== undefined && BigInt(known) >= BigInt(position)) return;
      const all = { ...recent, [server]: { position, at: this.#clock() } };
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.#file, JSON.stringify(all), { mode: 0o600 });
    } catch {}
  }

  get #file(): string {
    return join(this.#folder, 'last-writes.json');
  }

  async #recent(): Promise<Record<string, LastWrite>> {
    try {
      const all = JSON.parse(await readFile(this.#file, 'utf8')) as Record<string, LastWrite>;
      const oldest = this.#clock() - MAX_AGE_MS;
      return Object.fromEntries(
        Object.entries(all).filter(([, { position, at }]) => at > oldest && /^\d{1,20}$/.test(position)),
      );
    } catch {
      // Absent or damaged: nothing is remembered.
      return {};
    }
  }
}
