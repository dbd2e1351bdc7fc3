import { text } from 'node:stream/consumers';
import { read } from 'read';
import { CommandFailed, exitCodes } from '../errors.ts';

/**
 * Returns a password: from standard input with `passwordStdin`, else typed at the terminal, which does not show it. A line
 * break at the end of the input does not belong to it. Throws `CommandFailed` without a terminal.
 */
export async function askPassword(
  prompt: string,
  { passwordStdin = false }: { readonly passwordStdin?: boolean },
): Promise<string> {
  if (passwordStdin) return (await text(process.stdin)).replace(/\r?\n$/, '');
  if (!process.stdin.isTTY)
    throw new CommandFailed(
      exitCodes.usage,
      'there is no terminal to type the password: give --password-stdin',
    );
  try {
    return await read({ prompt, silent: true, output: process.stderr });
  } catch {
    throw new CommandFailed(exitCodes.usage, 'no password was given');
  }
}
