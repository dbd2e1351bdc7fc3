import { v7 } from 'uuid';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandContext, CommandResult } from '../../command-handling/command-handler.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { type CustomerId, customerId } from '../../domain/kernel/ids.ts';
import type { PersonalData } from '../../domain/kernel/personal-data.ts';
import type { InviteAdmin, RegisterUser } from '../../domain/user/commands.ts';
import { UserIsForgotten } from '../../domain/user/errors.ts';
import type { UserEvent } from '../../domain/user/events.ts';
import type { UserState } from '../../domain/user/state.ts';
import { PersonForgotten } from '../../key-store/errors.ts';
import { Unavailable } from '../../platform/http/response/errors.ts';
import { followUpContext } from '../http/run-command.ts';
import { encrypt, type RegistrationServices } from './account-services.ts';
import { emailHashOf } from './email-address.ts';
import { finishForgetting } from './forget-account.ts';

/** A person who signs up or is invited. */
export interface NewPerson {
  /** Normalized. */
  readonly email: string;
  readonly name: string;
}

/** The encrypted data of the person, and what names the account. */
interface Claimed {
  readonly userId: CustomerId;
  readonly emailHash: string;
  readonly email: PersonalData;
  readonly name: PersonalData;
}

type Register = (claimed: Claimed) => Promise<RegisterUser | InviteAdmin>;

const ATTEMPTS = 5;

/**
 * Claims the address, then registers the account that the claim names. So of two simultaneous sign-ups, and after a crash
 * between the two steps, one account remains. An address whose owner was just forgotten is released and claimed anew.
 */
export async function registerAccount(
  services: RegistrationServices,
  { email, name }: NewPerson,
  contextOf: (userId: string) => CommandContext,
  register: Register,
): Promise<CommandResult<UserState, UserEvent> & { readonly userId: CustomerId }> {
  const { handler, accounts } = services;
  const emailHash = emailHashOf(await accounts.keys.secret('addressKey'), email);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const userId = await claim(services, emailHash, contextOf);
    const context = contextOf(userId);
    try {
      const claimed = {
        userId,
        emailHash,
        email: await encrypt(accounts, userId, email),
        name: await encrypt(accounts, userId, name),
      };
      const command = await register(claimed);
      return { ...(await handler.handle({ ...aggregate('user', userId), command, context })), userId };
    } catch (error) {
      if (!(error instanceof UserIsForgotten || error instanceof PersonForgotten)) throw error;
      const { state } = await readState(services.store, aggregate('user', userId));
      if (state.status === 'forgotten') await finishForgetting(services, state, context);
    }
  }
  throw new Unavailable('the address is being released');
}

/** Returns the id of the account that the address belongs to: a new one, unless it is claimed. */
async function claim(
  { handler }: Pick<RegistrationServices, 'handler'>,
  emailHash: string,
  contextOf: (userId: string) => CommandContext,
): Promise<CustomerId> {
  const userId = customerId(v7());
  const { state } = await handler.handle({
    ...aggregate('email', emailHash),
    command: { type: 'ClaimEmail', emailHash, userId },
    context: followUpContext(contextOf(userId), 'claim address'),
  });
  return state.status === 'claimed' ? state.userId : userId;
}
