import type { LimitFunction } from 'p-limit';
import type { CommandHandler, CommandResult } from '../../command-handling/command-handler.ts';
import { DomainError } from '../../domain/kernel/domain-error.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { type Cause, contextOf } from './causes.ts';
import type { Definition, WorkflowTypes } from './definition.ts';

export interface CommandSender<Types extends WorkflowTypes> {
  /**
   * Sends commands side by side and returns their results. Waits for all, also when one fails, so that nothing of a
   * delivery still runs when its verdict is given.
   */
  sendAll(
    commands: readonly Types['command'][],
    id: string,
    cause: Cause,
  ): Promise<readonly Types['result'][]>;
  /** Sends those commands that are not known to be done. Such a command is never undone, so a stale state is enough. */
  ensure(commands: readonly Types['command'][], id: string, cause: Cause): Promise<void>;
  /** Records the result of an external call as `actor`. */
  record(command: Types['command'], actor: string, id: string, cause: Cause): Promise<Recorded>;
}

type Recorded = CommandResult<unknown, DomainEvent>;

interface Options {
  readonly handler: CommandHandler;
  /** Limits the commands of all instances in this process. */
  readonly limit: LimitFunction;
}

/** Creates the sender of a workflow's commands. Its functions throw what the command handler throws. */
export function createCommandSender<Types extends WorkflowTypes>(
  { name, targetOf, resultOf }: Definition<Types>,
  { handler, limit }: Options,
): CommandSender<Types> {
  type Command = Types['command'];
  const record = async (command: Command, actor: string, id: string, cause: Cause): Promise<Recorded> => {
    const { type } = command.command;
    const what = command.id === id ? type : `${type}:${command.id}`;
    return handler.handle({
      ...targetOf(command),
      command: command.command,
      context: contextOf(actor, id, what, cause),
      presumeNew: command.isFirst ?? false,
    });
  };

  const send = async (command: Command, id: string, cause: Cause): Promise<Types['result'] | undefined> => {
    try {
      const { state } = await record(command, name, id, cause);
      return resultOf?.(command, state);
    } catch (error) {
      if (error instanceof DomainError && error.code === command.accepts) return undefined;
      throw error;
    }
  };

  const sendAll = async (commands: readonly Command[], id: string, cause: Cause) => {
    const settled = await Promise.allSettled(commands.map((command) => limit(send, command, id, cause)));
    return settled.flatMap((sent) => {
      if (sent.status === 'rejected') throw sent.reason;
      return sent.value === undefined ? [] : [sent.value];
    });
  };

  const isKnownDone = (command: Command): boolean => {
    const status = command.pendingIn && handler.cachedState(targetOf(command))?.status;
    return status !== undefined && !command.pendingIn?.includes(status);
  };

  return {
    record,
    sendAll,
    ensure: async (commands, id, cause) => {
      await sendAll(
        commands.filter((command) => !isKnownDone(command)),
        id,
        cause,
      );
    },
  };
}
