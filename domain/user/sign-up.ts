import type { ConfirmEmail, InviteAdmin, RegisterUser } from './commands.ts';
import { TokenNotValid, UserIsForgotten } from './errors.ts';
import type { UserEvent } from './events.ts';
import { after, NOTICE_PAUSE_MS, unexpired } from './lifetimes.ts';
import type { RegisteredUser, UserState } from './state.ts';

/**
 * Maximum number of sign-ups for one address whose links are valid at a time. More are ignored, so that a client cannot flood the
 * mailbox of another person. The owner of the mailbox can still reset the password.
 */
export const MAX_PENDING_SIGN_UPS = 10;

/** Returns the events of a sign-up. Throws `UserIsForgotten`. */
export function register(command: RegisterUser, state: UserState): readonly UserEvent[] {
  const { type: _, at, ...signUp } = command;
  if (state.status === 'unregistered')
    return [{ type: 'UserRegistered', data: { ...signUp, registeredAt: at } }];
  if (state.status === 'forgotten') throw new UserIsForgotten(state.userId);
  if (isKnown(state, command.signUpId)) return [];
  if (state.status === 'unconfirmed') return repeat(command, state);
  return isNoticeDue(command, state)
    ? [{ type: 'KnownAddressSignedUp', data: { userId: state.userId, attemptedAt: at } }]
    : [];
}

/** A sign-up never takes over an account without confirmation, since anybody could type the address; nor one of the staff. */
function repeat(command: RegisterUser, user: RegisteredUser): readonly UserEvent[] {
  const { signUpId, name, password, at, confirmation } = command;
  const isAllowed = unexpired(user.signUps, at).length < MAX_PENDING_SIGN_UPS;
  if (confirmation === 'none' || user.role !== 'customer' || !isAllowed) return [];
  return [
    { type: 'SignUpRepeated', data: { userId: user.userId, signUpId, name, password, repeatedAt: at } },
  ];
}

const isKnown = ({ signUpId, signUps }: RegisteredUser, id: string): boolean =>
  signUpId === id || signUps.some((pending) => pending.signUpId === id);

function isNoticeDue({ at, confirmation }: RegisterUser, user: RegisteredUser): boolean {
  if (user.status !== 'active' || confirmation === 'none') return false;
  const { lastNoticeAt } = user;
  return lastNoticeAt === undefined || after(lastNoticeAt, NOTICE_PAUSE_MS) <= at;
}

/** Returns the event of an invitation; none for an account that exists. Throws `UserIsForgotten`. */
export function invite({ type: _, at, ...invited }: InviteAdmin, state: UserState): readonly UserEvent[] {
  if (state.status === 'forgotten') throw new UserIsForgotten(state.userId);
  return state.status === 'unregistered'
    ? [{ type: 'AdminInvited', data: { ...invited, invitedAt: at } }]
    : [];
}

/** Returns the event of an opened link. Throws `TokenNotValid`. */
export function confirm({ signUpId, at }: ConfirmEmail, user: RegisteredUser): readonly UserEvent[] {
  const isPending = unexpired(user.signUps, at).some((pending) => pending.signUpId === signUpId);
  if (user.status !== 'unconfirmed' || !isPending) throw new TokenNotValid();
  return [{ type: 'EmailConfirmed', data: { userId: user.userId, signUpId, confirmedAt: at } }];
}
