import { type ChangeOptions, type ListOptions, note, openCli, type ServerOptions } from '../cli.ts';
import { CommandFailed, exitCodes } from '../errors.ts';
import { pathPart } from '../http/answer.ts';
import type { TokenSource } from '../http/server-client.ts';
import { describeItem, type ParkedItem, parkedColumns } from './describe.ts';

const PARKED = '/api/v1/parked';

/** Selects parked items; an absent field matches all. */
export interface ParkedFilter {
  readonly reason?: string;
  readonly kind?: string;
  /** The id of an order. */
  readonly order?: string;
}

/** Tokens of this machine's own configuration, for operators who are not logged in. */
type Local = TokenSource | undefined;

export async function listParked(options: ListOptions & ParkedFilter, fallback: Local): Promise<void> {
  const query = fieldsOf(options);
  await openCli(options, { fallback }).list<ParkedItem>(
    PARKED,
    query,
    options,
    parkedColumns,
    'Nothing is parked.',
  );
}

export async function showParked(id: string, options: ServerOptions, fallback: Local): Promise<void> {
  await openCli(options, { fallback }).show(`${PARKED}/${pathPart(id)}`, describeItem);
}

export interface ReplayParked extends ChangeOptions, ParkedFilter {
  readonly all?: boolean;
  readonly perSecond?: number;
}

/** Replays the items with these ids, those that match the filters, or all. Throws `CommandFailed` unless one is chosen. */
export async function replayParked(
  ids: readonly string[],
  options: ReplayParked,
  fallback: Local,
): Promise<void> {
  const filter = fieldsOf(options);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if ([ids.length > 0, options.all, isFiltered].filter(Boolean).length !== 1)
    throw new CommandFailed(exitCodes.usage, 'give the ids of parked items, filters, or --all');
  const cli = openCli(options, { fallback });
  const [id] = ids;
  if (id !== undefined && ids.length === 1) {
    const request = { method: 'POST', path: `${PARKED}/${pathPart(id)}/replay` } as const;
    await cli.send(request, options, () => `${id} is replayed; it leaves the list once it is done`);
    return;
  }
  const body = { ...(ids.length > 0 ? { ids } : filter), perSecond: options.perSecond };
  const answer = await cli.send(
    { method: 'POST', path: `${PARKED}/replay`, body },
    options,
    ({ requested }: Replay) =>
      requested === 0
        ? '0 parked items match'
        : `${requested} are replayed; each leaves the list once it is done`,
  );
  const { requested = 0, replayId } = (answer?.body ?? {}) as Partial<Replay>;
  if (requested > 0) note(`To stop: orderstream parked cancel ${replayId}`);
}

interface Replay {
  readonly requested: number;
  readonly replayId: string;
}

export async function cancelReplay(replayId: string, options: ChangeOptions, fallback: Local): Promise<void> {
  const request = { method: 'DELETE', path: `${PARKED}/replays/${pathPart(replayId)}` } as const;
  await openCli(options, { fallback }).send(
    request,
    options,
    ({ status }: { readonly status: string }) => `the replay ${replayId} is ${status}`,
  );
}

export async function discardParked(
  id: string,
  options: ChangeOptions & { readonly reason: string },
  fallback: Local,
): Promise<void> {
  const { reason } = options;
  const request = { method: 'POST', path: `${PARKED}/${pathPart(id)}/discard`, body: { reason } } as const;
  await openCli(options, { fallback }).send(request, options, () => `${id} is discarded`);
}

const fieldsOf = ({ reason, kind, order }: ParkedFilter) => ({ reason, kind, orderId: order });
