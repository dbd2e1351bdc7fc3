import type { Command } from 'commander';
import type { TokenSource } from '../http/server-client.ts';
import { addChange, addList, addQuery, wholeNumber } from './options.ts';

const load = () => import('../parked/parked.ts');
const ID = ['<id>', 'the id of the item, from the list'] as const;

const withFilters = (command: Command): Command =>
  command
    .option('--reason <reason>', 'only items parked for this reason')
    .option('--kind <kind>', 'only items of this kind: event, deadline, refund or exception')
    .option('--order <id>', 'only items of this order');

/** Adds the commands about parked items. `local` is used when there is no log-in, at an address of this machine only. */
export function addParkedCommands(program: Command, local?: TokenSource): void {
  const parked = program
    .command('parked')
    .description('list, show, replay or discard what the process managers have parked')
    .addHelpText(
      'after',
      '\nOn the machine of the server, no log-in is needed: a token is created with the configured secret.',
    );

  withFilters(addList(parked, 'list', 'list parked items, the newest first', { isDefault: true })).action(
    async (options) => (await load()).listParked(options, local),
  );

  addQuery(parked, 'show', 'show one parked item')
    .argument(...ID)
    .action(async (id, options) => (await load()).showParked(id, options, local));

  withFilters(
    addChange(parked, 'replay', 'replay parked items: by their ids, those that match the filters, or all'),
  )
    .argument('[id...]')
    .option('--all', 'all items that are parked now')
    .option('--per-second <n>', 'maximum number of items replayed in a second', wholeNumber(1, 500))
    .action(async (ids, options) => (await load()).replayParked(ids, options, local));

  addChange(parked, 'cancel', 'cancel a running replay; items that are not replayed yet stay parked')
    .argument('<replay>', 'the id of the replay')
    .action(async (replayId, options) => (await load()).cancelReplay(replayId, options, local));

  addChange(parked, 'discard', 'discard one parked item; the caller and the reason are recorded')
    .argument(...ID)
    .requiredOption('--reason <text>', 'why')
    .action(async (id, options) => (await load()).discardParked(id, options, local));
}
