import { randomUUID } from 'node:crypto';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import type { EngineInput } from '../../domain/kernel/workflow.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { ExternalCalls } from './calls/external-calls.ts';
import { type Cause, causeOf, contextOf } from './causes.ts';
import type { CommandSender } from './commands.ts';
import type { ActionsOf, Definition, Received, ReceivedEvent, WorkflowTypes } from './definition.ts';
import { oneAtATime } from './one-at-a-time.ts';

export interface InstancesOptions<Types extends WorkflowTypes> {
  readonly handler: CommandHandler;
  readonly commands: CommandSender<Types>;
  readonly calls: Pick<ExternalCalls<Types['call']>, 'request'>;
  /** Parks exceptions, and resolves the parked items of waits that are over. */
  readonly updateParking: (id: string, actions: ActionsOf<Types>) => Promise<void>;
  /** Called with each timeout that this process has recorded. */
  readonly timeoutScheduled: (timeoutId: string) => void;
  readonly clock: () => Date;
}

export interface Instances<Types extends WorkflowTypes> {
  /** Resolves when everything that follows from the event has a result, or is covered by a recorded timeout. */
  handle(recorded: RecordedEvent): Promise<void>;
  /**
   * Records an input and, if it has led to new events, does the pending work. With `always`, does it in any case.
   * Returns the remaining actions, and whether the input has led to new events.
   */
  give(
    id: string,
    input: (now: string) => EngineInput<Types['result']>,
    cause: Cause,
    always?: boolean,
  ): Promise<ActionsOf<Types> & { readonly isNew: boolean }>;
  /**
   * Decides on an event that was just recorded and is not delivered yet, by the cached state, and sends the preparations of the
   * calls that follow. The delivery sends them again.
   */
  anticipate(id: string, recorded: ReceivedEvent, cause: Cause): Promise<void>;
}

/** Maximum rounds of commands for one input. A workflow that needs more never ends. */
const MAX_ROUNDS = 50;

/**
 * Creates the runner of a workflow's instances. This process handles the inputs of one instance one at a time. If another
 * process handles the same instance meanwhile, its append causes a conflict here.
 */
export function createInstances<Types extends WorkflowTypes>(
  { name, workflow, streamOf, receive }: Definition<Types>,
  { handler, commands, calls, updateParking, timeoutScheduled, clock }: InstancesOptions<Types>,
): Instances<Types> {
  type Input = Types['input'];
  type Result = Types['result'];
  type Todo = ActionsOf<Types>;
  type AnyInput = Input | EngineInput<Result>;
  const { decide, evolve, initialState } = workflow;
  const perInstance = oneAtATime();
  const now = (): string => clock().toISOString();
  const foresee = (input: AnyInput, state: Types['state']): Todo =>
    workflow.actions(decide(input, state).reduce(evolve, state));

  async function record(input: AnyInput, cause: Cause, presumeNew = false) {
    if (streamOf === undefined) return { todo: foresee(input, initialState), isNew: true };
    const { state, events } = await handler.handle({
      stream: streamOf(input.id),
      decider: workflow,
      command: input,
      // A new id each time: with a repeated id, an append on a stale state would succeed without writing anything.
      context: contextOf(name, input.id, randomUUID(), cause),
      presumeNew,
    });
    const todo = workflow.actions(state);
    const isNew = events.length > 0;
    if (isNew && todo.timeout !== undefined) timeoutScheduled(todo.timeout.timeoutId);
    return { todo, isNew };
  }

  async function sendStages(stages: Todo['commands'], id: string, cause: Cause): Promise<Result[]> {
    const results: Result[] = [];
    for (const stage of stages) results.push(...(await commands.sendAll(stage, id, cause)));
    return results;
  }

  /** Sends the first commands before anything is recorded. After a crash, the event is delivered again. */
  async function begin(input: (results: readonly Result[]) => Input, cause: Cause): Promise<Todo> {
    const withoutResults = input([]);
    const first = foresee(withoutResults, initialState);
    let results: readonly Result[];
    try {
      results = await sendStages(first.commands, withoutResults.id, cause);
    } catch (error) {
      const { todo } = await record(withoutResults, cause);
      // If the instance has other commands by now, the failed ones no longer matter.
      if (todo.commandsId !== first.commandsId) return todo;
      throw error;
    }
    return (await record(input(results), cause, true)).todo;
  }

  /** Sends commands until none is pending, then requests the external calls and updates the parking list. */
  async function pursue(id: string, pending: Todo, cause: Cause): Promise<Todo> {
    let todo = pending;
    for (let round = 0; todo.commands.length > 0; round += 1) {
      if (round === MAX_ROUNDS) throw new RangeError(`the commands of ${name} ${id} never end`);
      const { commandsId } = todo;
      const results = await sendStages(todo.commands, id, cause);
      if (streamOf === undefined) return todo;
      const completed = { type: 'CommandsCompleted', id, now: now(), commandsId, results } as const;
      ({ todo } = await record(completed, cause));
    }
    await commands.ensure(todo.preparations, id, cause);
    calls.request(id, todo, cause);
    await updateParking(id, todo);
    return todo;
  }

  const start = async (received: Received<Input, Result>, cause: Cause): Promise<Todo> =>
    'begin' in received ? begin(received.begin, cause) : (await record(received.input, cause)).todo;

  return {
    async handle(recorded) {
      const received = receive(recorded, now());
      if (received === undefined) return;
      const { id } = 'begin' in received ? received.begin([]) : received.input;
      const cause = causeOf(recorded);
      await perInstance(id, async () => {
        await pursue(id, await start(received, cause), cause);
      });
    },
    give: (id, input, cause, always = false) =>
      perInstance(id, async () => {
        const { todo, isNew } = await record(input(now()), cause);
        const left = isNew || always ? await pursue(id, todo, cause) : todo;
        return { ...left, isNew };
      }),
    async anticipate(id, recorded, cause) {
      const received = receive(recorded, now());
      const stream = streamOf?.(id);
      if (stream === undefined || received === undefined || 'begin' in received) return;
      const known = handler.cachedState({ stream, decider: workflow });
      if (known !== undefined) await commands.ensure(foresee(received.input, known).preparations, id, cause);
    },
  };
}
