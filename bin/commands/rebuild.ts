import { constants } from 'node:os';
import { createRetryPolicy } from '../../cli/http/retry-policy.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { NOT_CHECKED_YET } from '../../event-store/watch/store-watch.ts';
import type { Config } from '../../platform/config/config.ts';
import { readModels } from '../../projections/read-models.ts';
import type { RebuildOutcome } from '../../projections/rebuild/rebuild-outcome.ts';
import { RebuildFailed, rebuild } from '../../projections/rebuild/request-rebuild.ts';
import { openReadStore } from '../../read-store/open-read-store.ts';
import { createStoreRetry } from '../retry-while-unavailable.ts';
import { configOfRunningSystem } from '../start/stores/memory-store.ts';
import { RebuildBars } from './rebuild-bars.ts';

/** Milliseconds: on a busy machine a restarted projector needs some seconds, and may build indexes first. */
const PATIENCE = { withoutProjector: 20_000, untilTaken: 30_000 };

/**
 * Asks the running projector to rebuild read models, and shows the progress. Returns whether each was switched to, or with
 * `dryRun` equals the live one. Retries for two minutes while a store is unavailable. Throws `RebuildFailed`, also for
 * unknown names, `RebuildInProgress` and `ReadStoreUnavailable`.
 */
export async function runRebuild(
  config: Config,
  named: readonly string[],
  { all, dryRun, json = false }: { readonly all: boolean; readonly dryRun: boolean; readonly json?: boolean },
): Promise<boolean> {
  const models = modelsOf(named, all);
  const print = (text: string) => void process.stderr.write(`${text}\n`);
  const { printAtIntervals } = createRetryPolicy({ print });
  const readStore = await createStoreRetry({ print })(() =>
    openReadStore(configOfRunningSystem(config).readStoreUrl),
  );
  const eventStore = connectEventStore({ catalogue, url: config.eventStoreUrl });
  eventStore.watch.start();
  const bars = new RebuildBars(models);
  const outcomes = new Map<string, RebuildOutcome>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      bars.stop();
      const again = ['orderstream rebuild', ...(all ? ['--all'] : models), ...(dryRun ? ['--dry-run'] : [])];
      process.stderr.write(`The projector continues the rebuild; "${again.join(' ')}" shows its progress.\n`);
      process.exit(128 + constants.signals[signal]);
    });
  try {
    await rebuild({
      readStore,
      models,
      dryRun,
      patience: PATIENCE,
      eventStoreTrouble: () => {
        const { check } = eventStore.watch;
        return check === 'ok' || check === NOT_CHECKED_YET ? undefined : check;
      },
      onWaiting: (reason) => printAtIntervals(`waiting: ${reason}`),
      onProgress: (model, progress) => bars.show(model, progress),
      onOutcome: (model, outcome) => {
        outcomes.set(model, outcome);
        bars.done(model);
      },
    });
  } finally {
    bars.stop();
    await Promise.all([readStore.close(), eventStore.close()]);
  }
  if (json) {
    const items = models.map((name) => ({ name, ...outcomes.get(name) }));
    process.stdout.write(`${JSON.stringify({ items })}\n`);
  } else
    for (const model of models)
      process.stdout.write(`${describeOutcome(model, outcomes.get(model)).join('\n')}\n`);
  return models.every((model) => {
    const outcome = outcomes.get(model);
    return dryRun ? outcome?.kind === 'compared' && outcome.differing === 0 : outcome?.kind === 'switched';
  });
}

function modelsOf(named: readonly string[], all: boolean): string[] {
  const names = readModels.map(({ name }) => name);
  const allowed = `allowed are ${names.join(', ')}, or --all`;
  const unknown = named.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new RebuildFailed(`there is no read model ${unknown.join(', ')}: ${allowed}`);
  if (named.length === 0 && !all) throw new RebuildFailed(`no read model is named: ${allowed}`);
  return all ? names : [...new Set(named)];
}

function describeOutcome(model: string, outcome: RebuildOutcome | undefined): string[] {
  switch (outcome?.kind) {
    case 'switched':
      return [`${model}: rebuilt; generation ${outcome.generation} is live.`];
    case 'compared': {
      const { documents, rebuiltDocuments, differing, differences } = outcome;
      const counts = `${documents} documents are live, ${rebuiltDocuments} were rebuilt`;
      if (differing === 0) return [`${model}: ${counts}, and nothing differs.`];
      const more = differing - differences.length;
      return [
        `${model}: ${counts}, and ${differing} differ:`,
        ...differences.map(({ id, difference }) => `  ${id}: ${difference}`),
        ...(more > 0 ? [`  and ${more} more`] : []),
      ];
    }
    case 'stopped': {
      const { stream, revision, reason } = outcome.error;
      return [
        `${model}: not rebuilt. It has stopped at ${stream}@${revision}: ${reason}`,
        '  Queries still use the live generation. The projector retries a rebuild, but not a dry run.',
      ];
    }
    case 'refused':
      return [`${model}: not compared, since a rebuild of it is running.`];
    default:
      return [`${model}: ended, and another rebuild was requested meanwhile.`];
  }
}
