import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandContext } from '../../command-handling/command-handler.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { DomainError } from '../../domain/kernel/domain-error.ts';
import type { CustomerId } from '../../domain/kernel/ids.ts';
import { type ForgottenUser, isRegistered, type UserState } from '../../domain/user/state.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { followUpContext, type SendOptions } from '../http/run-command.ts';
import type { AccountServices, RegistrationServices } from './account-services.ts';
import { changeAccount } from './change-account.ts';

/** Orders of the person still need name and address. */
export class OrdersAreOpen extends DomainError<{ readonly orderIds: readonly string[] }> {
  override readonly name = 'OrdersAreOpen';
  readonly code = 'open-orders';

  constructor(orderIds: readonly string[]) {
    super(
      `orders of this account are placed or confirmed: ${orderIds.join(', ')}; cancel them, or wait until they are shipped`,
      { orderIds },
    );
  }
}

/**
 * Forgets an account: records who forgets it and when, destroys the key of its personal data, and releases its address. After
 * a crash in between, the process manager `forgetting` does the rest. Throws `OrdersAreOpen` and `LastAdmin`.
 */
export async function forgetAccount(
  services: AccountServices,
  userId: CustomerId,
  by: string,
  options: SendOptions,
): Promise<void> {
  const { store, clock, accounts } = services;
  const before = await readState(store, aggregate('user', userId));
  if (before.state.status === 'unregistered') throw new ResourceNotFound('account', userId);
  let state: UserState = before.state;
  if (isRegistered(state)) {
    const orderIds = await accounts.records.openOrders(userId);
    if (orderIds.length > 0) throw new OrdersAreOpen(orderIds);
    const command = { type: 'ForgetUser', by, at: clock().toISOString() } as const;
    state = (await changeAccount(services, userId, command, options)).state;
  }
  if (state.status === 'forgotten') await finishForgetting(services, state, options.context);
}

/** Does what follows from `UserForgotten`. May be repeated. */
export async function finishForgetting(
  { handler, accounts: { keys } }: Pick<RegistrationServices, 'handler' | 'accounts'>,
  { userId, emailHash }: ForgottenUser,
  context: CommandContext,
): Promise<void> {
  await keys.forget(userId);
  await handler.handle({
    ...aggregate('email', emailHash),
    command: { type: 'ReleaseEmail', emailHash, userId },
    context: followUpContext(context, 'release address'),
  });
}
