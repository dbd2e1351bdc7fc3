import type { Logger } from '../../../event-store/logger.ts';
import { settlesWithin } from '../../../platform/async/timeout.ts';
import type { CommandSender } from '../commands.ts';
import type { CallAdapter, Definition, WorkflowTypes } from '../definition.ts';
import type { Instances } from '../instances.ts';
import { isPassing, retryPassing } from '../verdicts.ts';
import type { MakeCall, RequestedCall } from './external-calls.ts';

export interface MakeCallsOptions<Types extends WorkflowTypes> {
  readonly commands: CommandSender<Types>;
  readonly instances: Pick<Instances<Types>, 'anticipate'>;
  /** Parks the wait of a call that the external system keeps refusing. */
  readonly parkRefused: (requested: RequestedCall<Types['call']>, reason: string) => Promise<void>;
  readonly logger: Logger;
}

/** Milliseconds after which a running call is announced, so that queries show it. */
const ANNOUNCE_AFTER_MS = 50;
/** From this attempt on a refusal is final: a provider that does not know a payment yet may know it soon. */
export const MAX_REFUSALS = 5;

/** Returns the adapter of a call. */
export const adapterOf = <Types extends WorkflowTypes>(
  { calls }: Pick<Definition<Types>, 'calls'>,
  { type }: Types['call'],
): CallAdapter<Types['call'], Types['command']> =>
  calls[type as Types['call']['type']] as CallAdapter<Types['call'], Types['command']>;

/**
 * Creates the function that makes a call and records its result as an event of another stream, from where it is delivered
 * like any other event. Recording is retried for a while; when that fails, the timeout repeats the call, which has the
 * same result.
 */
export function createMakeCalls<Types extends WorkflowTypes>(
  definition: Definition<Types>,
  { commands, instances, parkRefused, logger }: MakeCallsOptions<Types>,
): MakeCall<Types['call']> {
  const patiently = retryPassing();

  return async (requested, signal) => {
    const { id, call, cause, attempt } = requested;
    const adapter = adapterOf(definition, call);
    const { announce } = adapter;
    const announced = async () => announce && commands.ensure([announce(call)], id, cause);

    if (adapter.isNeedless?.(call)) return;
    const making = adapter.make(call, signal);
    // If the announcement fails, the result records it.
    if (announce && !(await settlesWithin(making, ANNOUNCE_AFTER_MS))) await announced().catch(() => {});
    const made = await making;
    if (made.outcome !== 'result') {
      await patiently.execute(announced, signal);
      const isRefused = made.outcome === 'refused';
      logger[isRefused ? 'error' : 'info']('an external call has no result yet', {
        id,
        call: call.type,
        attempt,
        ...made,
      });
      if (isRefused && attempt >= MAX_REFUSALS)
        await patiently.execute(() => parkRefused(requested, made.reason), signal);
      return;
    }
    const { events, ids, revision, position } = await patiently.execute(
      () => commands.record(made.command, adapter.actor, id, cause),
      signal,
    );
    const event = events.at(-1);
    const eventId = ids.at(-1);
    const isFirst = made.firstAt !== undefined && revision === made.firstAt;
    if (!isFirst || event === undefined || eventId === undefined || position === undefined || signal.aborted)
      return;
    // The result is recorded, so its delivery repeats what fails here.
    await instances.anticipate(id, { event, position }, { ...cause, id: eventId }).catch((error: unknown) =>
      logger[isPassing(error) ? 'info' : 'error'](
        'commands that follow from a result were not sent; its delivery sends them',
        {
          id,
          error: String(error),
        },
      ),
    );
  };
}
