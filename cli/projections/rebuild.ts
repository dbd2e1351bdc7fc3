import { setTimeout as sleep } from 'node:timers/promises';
import { type Cli, note, openCli, type ServerOptions } from '../cli.ts';
import { CommandFailed, exitCodes } from '../errors.ts';
import { pathPart } from '../http/answer.ts';
import type { Projection } from './projections.ts';

/** A rebuild, as the query API shows it. */
interface Rebuild {
  readonly rebuildId: string;
  readonly model: string;
  readonly status: 'requested' | 'running' | 'done' | 'stopped' | 'refused';
  readonly done: number;
  readonly total: number;
  readonly generation?: number;
  readonly differing?: number;
  readonly differences?: readonly { readonly id: string; readonly difference: string }[];
  readonly error?: { readonly stream: string; readonly revision: string; readonly reason: string };
}

export interface RebuildOptions extends ServerOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

const LOOK_EVERY_MS = 500;

/**
 * Has the command API rebuild read models, waits for the ends, and prints them. Returns whether each was rebuilt, or with
 * `dryRun` equals its events. Throws `CommandFailed`, also when no read model is named.
 */
export async function rebuildOnServer(named: readonly string[], options: RebuildOptions): Promise<boolean> {
  if (named.length === 0 && options.all !== true)
    throw new CommandFailed(
      exitCodes.usage,
      'name read models, as "orderstream projections" lists them, or give --all',
    );
  const cli = openCli(options);
  const models = options.all === true ? await allModels(cli) : [...new Set(named)];
  const requested: string[] = [];
  for (const model of models) {
    const path = `/api/v1/projections/${pathPart(model)}/rebuild`;
    const body = { dryRun: options.dryRun === true };
    const answer = await cli.change({ method: 'POST', path, body, idempotencyKey: crypto.randomUUID() });
    requested.push((answer.body as Rebuild).rebuildId);
  }
  const ended: Rebuild[] = [];
  for (const rebuildId of requested) ended.push(await endOf(cli, rebuildId));
  cli.print({ text: JSON.stringify({ items: ended }), body: ended }, (all: readonly Rebuild[]) =>
    all.flatMap(describeEnd).join('\n'),
  );
  return ended.every(({ status, differing = 0 }) => status === 'done' && differing === 0);
}

async function allModels(cli: Cli): Promise<readonly string[]> {
  const { body } = await cli.get('/api/v1/projections');
  return (body as { readonly items: readonly Projection[] }).items.map(({ name }) => name);
}

async function endOf(cli: Cli, rebuildId: string): Promise<Rebuild> {
  for (let shown = -1; ; await sleep(LOOK_EVERY_MS)) {
    const rebuild = (await cli.get(`/api/v1/rebuilds/${pathPart(rebuildId)}`)).body as Rebuild;
    const { model, status, done, total } = rebuild;
    if (status !== 'requested' && status !== 'running') return rebuild;
    const percent = total === 0 ? 0 : Math.floor((100 * done) / total);
    if (percent !== shown) note(`${model}: ${status}, ${percent} %`);
    shown = percent;
  }
}

function describeEnd({ model, status, generation, differing, differences = [], error }: Rebuild): string[] {
  if (status === 'refused') return [`${model}: not compared, since a rebuild of it is running.`];
  if (error !== undefined) return [`${model}: stopped at ${error.stream}@${error.revision}: ${error.reason}`];
  if (differing === undefined) return [`${model}: rebuilt; generation ${generation} is live.`];
  if (differing === 0) return [`${model}: nothing differs.`];
  return [
    `${model}: ${differing} differ:`,
    ...differences.map(({ id, difference }) => `  ${id}: ${difference}`),
  ];
}
