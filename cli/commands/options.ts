import { type Command, type CommandOptions, InvalidArgumentError, Option } from 'commander';

/** Adds the options of every command that uses a server. */
export const serverCommand = (command: Command): Command =>
  command
    .addOption(
      new Option('--server <url>', 'address of the gateway (default: http://127.0.0.1:8080)').env(
        'ORDERSTREAM_URL',
      ),
    )
    .addOption(new Option('--token <token>', 'use this token instead of the log-in').env('ORDERSTREAM_TOKEN'))
    .option('--json', 'print the response of the server as JSON');

/** Adds a command that shows something. */
export const addQuery = (
  group: Command,
  name: string,
  description: string,
  options: CommandOptions = {},
): Command => serverCommand(group.command(name, options).description(description));

/** Adds a command that lists something, page by page. */
export const addList = (
  group: Command,
  name: string,
  description: string,
  options: CommandOptions = {},
): Command =>
  addQuery(group, name, description, options)
    .option('--limit <n>', 'entries of a page, at most 200', wholeNumber(1, 200))
    .option('--cursor <cursor>', 'the page that this cursor names')
    .option('--all', 'all pages');

/** Adds a command that changes something. */
export const addChange = (group: Command, name: string, description: string): Command =>
  addQuery(group, name, description)
    .option('--dry-run', 'print the request, and do not send it')
    .option(
      '--idempotency-key <key>',
      'repeat the command that was sent with this key, without doing it twice',
    );

/** Returns a parser of whole numbers. */
export const wholeNumber = (min: number, max: number) => (text: string) => {
  const number = Number(text);
  if (!/^-?\d+$/.test(text) || number < min || number > max)
    throw new InvalidArgumentError(`Allowed: a whole number from ${min} to ${max}.`);
  return number;
};

/** Loads the client when a command runs: help and usage errors come at once. */
export const loadCli = async () => (await import('../cli.ts')).openCli;
