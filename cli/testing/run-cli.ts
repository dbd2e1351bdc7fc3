import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { vi } from 'vitest';
import { addManagementCommands } from '../commands/management.ts';
import { CommandFailed, exitCodes } from '../errors.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs commands in this process, with settings and state in a folder of its own. */
export interface CliUser {
  readonly folder: string;
  run(...args: readonly string[]): Promise<CliRun>;
  remove(): Promise<void>;
}

export async function createCliUser(): Promise<CliUser> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-cli-'));
  return {
    folder,
    run: (...args) => runCli(args, folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const VARIABLES = ['ORDERSTREAM_URL', 'ORDERSTREAM_TOKEN', 'GATEWAY_PORT'];

async function runCli(args: readonly string[], folder: string): Promise<CliRun> {
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
  vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'config'));
  vi.stubEnv('XDG_STATE_HOME', join(folder, 'state'));
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    const program = new Command('orderstream').exitOverride().configureOutput({
      writeErr: (text) => void process.stderr.write(text),
      writeOut: (text) => void process.stdout.write(text),
    });
    addManagementCommands(program);
    await program.parseAsync(args, { from: 'user' });
    return { code: exitCodes.done, ...written };
  } catch (error) {
    if (error instanceof CommandFailed)
      return { code: error.exitCode, ...written, stderr: `${written.stderr}${error.message}\n` };
    if (error instanceof CommanderError) return { code: exitCodes.usage, ...written };
    throw error;
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
