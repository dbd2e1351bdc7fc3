import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { CustomerId } from '../../domain/kernel/ids.ts';
import { TokenNotValid } from '../../domain/user/errors.ts';
import { isRegistered, type RegisteredUser } from '../../domain/user/state.ts';
import { isSecretOf, parseOneTimeToken, type TokenPurpose } from '../../platform/one-time-tokens.ts';
import type { AccountServices } from './account-services.ts';

/** The account and the request that a token belongs to. */
interface FoundByToken {
  readonly user: RegisteredUser;
  readonly requestId: string;
}

/** Finds the pending sign-up or reset whose link has this token. Throws `TokenNotValid`. */
export async function findByToken(
  { store, accounts: { keys } }: Pick<AccountServices, 'store' | 'accounts'>,
  purpose: TokenPurpose,
  token: string,
): Promise<FoundByToken> {
  const presented = parseOneTimeToken(token);
  const userId = CustomerId.safeParse(presented?.userId);
  if (presented === undefined || !userId.success) throw new TokenNotValid();
  const tokenKey = await keys.secret('tokenKey');
  const { state } = await readState(store, aggregate('user', userId.data));
  if (!isRegistered(state)) throw new TokenNotValid();
  const requestId = pendingIds(purpose, state).find((requestId) =>
    isSecretOf(tokenKey, { purpose, userId: state.userId, requestId }, presented.secret),
  );
  if (requestId === undefined) throw new TokenNotValid();
  return { user: state, requestId };
}

const pendingIds = (purpose: TokenPurpose, { signUps, resets }: RegisteredUser): readonly string[] =>
  purpose === 'confirm-email'
    ? signUps.map(({ signUpId }) => signUpId)
    : resets.map(({ resetId }) => resetId);
