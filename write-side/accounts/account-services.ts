import { randomUUID } from 'node:crypto';
import type { CommandContext } from '../../command-handling/command-handler.ts';
import type { CustomerId } from '../../domain/kernel/ids.ts';
import type { PersonalData } from '../../domain/kernel/personal-data.ts';
import type { Caller } from '../../platform/http/route.ts';
import type { CommandServices } from '../command-services.ts';
import type { AccountParts } from './account-parts.ts';

/** The services that routes of accounts use. */
export type AccountServices = Pick<CommandServices, 'handler' | 'store' | 'clock' | 'accounts'>;

/** The services that create an account. */
export interface RegistrationServices extends Pick<CommandServices, 'handler' | 'store' | 'clock'> {
  readonly accounts: Pick<AccountParts, 'keys' | 'cipher' | 'publicUrl'>;
}

/** Encrypts a value under the key of an account. Throws `PersonForgotten`. */
export const encrypt = (
  { cipher }: Pick<AccountParts, 'cipher'>,
  userId: CustomerId,
  value: unknown,
): Promise<PersonalData> => cipher.encrypt(userId, value);

interface Request {
  readonly caller: Caller | undefined;
  readonly requestId: string;
  readonly traceparent: string;
}

/** Returns the context of a command to an account. A client without a token is recorded as `anonymous`. */
export function contextFor({ caller, requestId, traceparent }: Request, userId: string): CommandContext {
  const commandId = randomUUID();
  const { sub, role } = caller ?? { sub: 'anonymous', role: 'customer' as const };
  return {
    commandId,
    correlationId: userId,
    causationId: commandId,
    actor: { sub, role },
    requestId,
    traceparent,
  };
}
