import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { addCompletion } from '../cli/commands/completion.ts';
import { addManagementCommands } from '../cli/commands/management.ts';
import { exitCodes } from '../cli/errors.ts';
import type { ParkedAction, ParkedFilter } from '../cli/parked/parked.ts';
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

const parked = program
  .command('parked')
  .description('list, show, replay or discard what the process managers have parked')
  .option('--token <token>', "an operator's token; created with the configured secret when absent")
  .option('--json', 'print the response as JSON', false);
interface ReplayOptions extends ParkedFilter {
  readonly all?: boolean;
  readonly perSecond?: number;
}
const askParked = async (action: ParkedAction) => {
  const { runParked } = await import('./commands/parked.ts');
  await runParked(await configured(), action, parked.opts());
};
parked
  .command('list', { isDefault: true })
  .description('list parked items, the newest first')
  .option('--reason <reason>', 'only items parked for this reason')
  .option('--kind <kind>', 'only items of this kind: event, deadline, refund or exception')
  .option('--order <id>', 'only items of this order')
  .action((filter) => askParked({ do: 'list', filter }));
parked
  .command('show')
  .description('show one parked item')
  .argument('<id>')
  .action((id) => askParked({ do: 'show', id }));
parked
  .command('replay')
  .description('replay parked items: by their ids, those that match the filters, or all')
  .argument('[id...]')
  .option('--all', 'all items that are parked now')
  .option('--reason <reason>', 'only items parked for this reason')
  .option('--kind <kind>', 'only items of this kind: event, deadline or refund')
  .option('--order <id>', 'only items of this order')
  .option('--per-second <n>', 'maximum number of items replayed in a second', Number)
  .action(async (ids: string[], options: ReplayOptions, command: Command) => {
    const { all = false, perSecond, ...filter } = options;
    if ([ids.length > 0, all, Object.keys(filter).length > 0].filter(Boolean).length !== 1)
      command.error('error: give the ids of parked items, filters, or --all');
    await askParked({ do: 'replay', ids, filter, perSecond });
  });
parked
  .command('cancel')
  .description('cancel a running replay; items that are not replayed yet stay parked')
  .argument('<replay-id>')
  .action((replayId: string) => askParked({ do: 'cancel', replayId }));
parked
  .command('discard')
  .description('discard one parked item; the caller and the reason are recorded')
  .argument('<id>')
  .requiredOption('--reason <text>', 'why')
  .action((id: string, { reason }: { readonly reason: string }) => askParked({ do: 'discard', id, reason }));

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
  .action(async (models, options) => {
    const { runRebuild } = await import('./commands/rebuild.ts');
    process.exitCode = (await runRebuild(await configured(), models, options)) ? 0 : 1;
  });

addManagementCommands(program);
await addCompletion(program, process.argv.slice(2));

// A closed pipe (`… | head`) ends the output, not the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  await program.parseAsync();
} catch (error) {
  const { reportFailure } = await import('./start/report-failure.ts');
  process.exit(await reportFailure(error));
}
