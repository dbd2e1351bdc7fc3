import { adminsList, aggregate } from '../../command-handling/aggregates.ts';
import type { CommandResult, Revisions } from '../../command-handling/command-handler.ts';
import { ConcurrencyConflict, StaleRevision } from '../../command-handling/errors.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import type { CustomerId } from '../../domain/kernel/ids.ts';
import type { UserCommand } from '../../domain/user/commands.ts';
import { userDecider } from '../../domain/user/decider.ts';
import type { UserEvent } from '../../domain/user/events.ts';
import { isEnabledAdmin, type UserState } from '../../domain/user/state.ts';
import { followUpContext, type SendOptions } from '../http/run-command.ts';
import type { AccountServices } from './account-services.ts';

const ATTEMPTS = 20;

/**
 * Sends a command to an account, and keeps the list of enabled admins. An admin who will be none afterwards is delisted first;
 * the account then changes only if it is still at the revision that was read (ADR 0017). Throws `LastAdmin`.
 */
export async function changeAccount(
  services: Pick<AccountServices, 'handler' | 'store'>,
  userId: CustomerId,
  command: UserCommand,
  options: SendOptions,
): Promise<CommandResult<UserState, UserEvent>> {
  const { handler, store } = services;
  const target = aggregate('user', userId);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { state, revision } = await readState(store, target);
    const current: Revisions[number] = revision ?? 'none';
    const isStale = options.ifMatch !== undefined && !options.ifMatch.includes(current);
    if (!isStale && revision !== undefined && endsAdmin(command, state))
      await handler.handle({
        ...adminsList,
        command: { type: 'DelistAdmin', userId, userRevision: revision + 1n },
        context: followUpContext(options.context, `delist ${revision}`),
      });
    try {
      const ifMatch: Revisions | undefined = isStale ? options.ifMatch : [current];
      const changed = await handler.handle({ ...target, ...options, command, ifMatch });
      if (isEnabledAdmin(changed.state) && changed.revision !== undefined)
        await handler.handle({
          ...adminsList,
          command: { type: 'ListAdmin', userId, userRevision: changed.revision },
          context: followUpContext(options.context, 'list'),
        });
      return changed;
    } catch (error) {
      // Another command has changed the account since it was read.
      if (isStale || !(error instanceof StaleRevision)) throw error;
    }
  }
  throw new ConcurrencyConflict(target.stream, ATTEMPTS);
}

/** Throws the errors of the decider. */
function endsAdmin(command: UserCommand, state: UserState): boolean {
  if (!isEnabledAdmin(state)) return false;
  const events = userDecider.decide(command, state);
  return events.length > 0 && !isEnabledAdmin(events.reduce(userDecider.evolve, state));
}
