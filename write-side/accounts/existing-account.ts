import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { CustomerId } from '../../domain/kernel/ids.ts';
import { isRegistered, type RegisteredUser } from '../../domain/user/state.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import type { AccountServices } from './account-services.ts';

/** An account and its revision. */
export interface AccountRead {
  readonly user: RegisteredUser;
  readonly revision: bigint;
}

/** Reads an account from its stream. Throws `ResourceNotFound`, also for the `sub` of a machine token without an account. */
export async function readAccount(
  { store }: Pick<AccountServices, 'store'>,
  sub: string,
): Promise<AccountRead> {
  const { state, revision } = await readState(store, aggregate('user', CustomerId.parse(sub)));
  if (!isRegistered(state) || revision === undefined) throw new ResourceNotFound('account', sub);
  return { user: state, revision };
}

/** Returns the account as responses show it; personal data is still encrypted. */
export const accountFields = ({ user, revision }: AccountRead) => {
  const { userId, email, name, address, role, status, registeredAt } = user;
  return {
    userId,
    email,
    name,
    address: address ?? null,
    role,
    status,
    registeredAt,
    revision: revision.toString(),
  };
};
