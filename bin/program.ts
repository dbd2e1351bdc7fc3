import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { addCompletion } from '../cli/commands/completion.ts';
import { addManagementCommands } from '../cli/commands/management.ts';
import { exitCodes } from '../cli/errors.ts';
import { encodings } from '../cli/replay/file/decode.ts';
import { settings } from '../platform/config/settings.ts';
import { settingsHelp } from '../platform/config/settings-help.ts';
import { roles as tokenRoles } from '../platform/http/route.ts';
import { roleNames } from './roles/roles.ts';
import { version } from './version.ts';

const within = (min: number, max: number, whole: boolean) => (text: string) => {
  const number = Number(text);
  if (text.trim() === '' || !(number >= min && number <= max) || (whole && !Number.isInteger(number))) {
    throw new InvalidArgumentError(`a ${whole ? 'whole ' : ''}number from ${min} to ${max} is allowed.`);
  }
  return number;
};

const notEmpty = (text: string) => {
  if (text.trim() === '') throw new InvalidArgumentError('a folder is allowed.');
  return text;
};

/** Commands are loaded on demand, so that help and usage errors are printed at once. */
const configured = async () => (await import('../platform/config/config.ts')).readConfig(process.env);

/** Lifetime of a token that a command creates for itself alone. */
const LOCAL_TOKEN_SECONDS = 600;

const program = new Command('orderstream')
  .description('An event-sourced order system: CQRS on EventStoreDB.')
  .version(version)
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.done : exitCodes.usage))
  .addHelpText(
    'after',
    `
Roles of start: eventstore, ${roleNames.join(', ')}; without a name, all of them.

Environment variables (and their defaults):
${settingsHelp(Object.values(settings))}`,
  );

program
  .command('start')
  .description(
    'start the named roles; without a name, all of them, with an embedded event store when EVENTSTORE_URL is loopback',
  )
  .addArgument(
    new Argument('[role...]', 'roles to run in this process').choices(['eventstore', ...roleNames]),
  )
  .option('--port <port>', 'port of the embedded event store', within(0, 65_535, true))
  .option(
    '--data <folder>',
    'use this folder instead of DATA_DIR; only with the embedded event store',
    notEmpty,
  )
  .option('--memory', 'keep events and read models in memory only; only with the embedded event store')
  .addOption(new Option('--child').hideHelp())
  .addOption(new Option('--scratch <folder>').hideHelp())
  .action(async (roles, options) => {
    const { start } = await import('./start/start.ts');
    await start(process.env, roles, options);
  });

program
  .command('token')
  .description('print a token that is signed with the configured secret and valid for a day')
  .requiredOption('--sub <name>', 'the customer or operator id')
  .addOption(new Option('--role <role>', 'the role of the caller').choices(tokenRoles).makeOptionMandatory())
  .action(async (options) => {
    const { printToken } = await import('./commands/token.ts');
    printToken(await configured(), options);
  });

program
  .command('replay')
  .description('replay a CSV file of invoices through the HTTP APIs, and reconcile stock and money')
  .argument('<file>', 'columns InvoiceNo, StockCode, Description, Quantity, UnitPrice, CustomerID, Country')
  .option('--concurrency <n>', 'orders in flight', within(1, 10_000, true), 32)
  .option(
    '--stock-factor <f>',
    'stock to receive, as a multiple of the ordered quantity',
    within(0, 1_000, false),
    1,
  )
  .option('--token <token>', "an operator's token; created with the configured secret when absent")
  .addOption(new Option('--encoding <name>', 'encoding of the file').choices(encodings).default('utf-8'))
  .option('--json', 'print the report as one JSON object', false)
  .action(async (file, options) => {
    const { runReplay } = await import('./commands/replay.ts');
    process.exitCode = (await runReplay(await configured(), file, options)) ? 0 : 1;
  });

program
  .command('admin')
  .description('manage admins on the stores themselves, without a token')
  .command('create')
  .description('make an account an admin, and print a link that sets its password within 24 hours')
  .argument('<email>', 'the address of the account, which is created if it does not exist')
  .action(async (email: string) => {
    const { readConfig } = await import('../platform/config/config.ts');
    const { runAdminCreate } = await import('./commands/admin.ts');
    await runAdminCreate(readConfig(process.env, { needs: ['jwtSecret', 'masterKey'] }), email);
  });

program
  .command('rebuild')
  .description('rebuild read models beside the live ones and switch to them, without downtime of queries')
  .argument('[model...]', 'names of read models, as in /api/v1/projections')
  .option('--all', 'all read models', false)
  .option(
    '--dry-run',
    'do not switch: compare with the live read models, print the differences, and exit with 1 if there are any',
    false,
  )
  .option('--json', 'print the outcomes as JSON', false)
  .option('--server <url>', 'have this server do it, through its gateway, instead of using the stores')
  .option('--token <token>', 'with --server: use this token of an admin instead of the log-in')
  .action(async (models, options) => {
    if (options.server !== undefined) {
      const { rebuildOnServer } = await import('../cli/projections/rebuild.ts');
      process.exitCode = (await rebuildOnServer(models, options)) ? 0 : 1;
      return;
    }
    const { runRebuild } = await import('./commands/rebuild.ts');
    process.exitCode = (await runRebuild(await configured(), models, options)) ? 0 : 1;
  });

addManagementCommands(program, {
  token: async () => {
    const { createToken } = await import('./commands/token.ts');
    return createToken(await configured(), 'command-line', 'operator', LOCAL_TOKEN_SECONDS);
  },
  renew: async () => undefined,
});
await addCompletion(program, process.argv.slice(2));

// A closed pipe (`… | head`) ends the output, not the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  await program.parseAsync();
} catch (error) {
  const { reportFailure } = await import('./start/report-failure.ts');
  process.exit(await reportFailure(error));
}
