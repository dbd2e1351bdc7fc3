import { unchanged } from '../kernel/decider.ts';
import type { UserEvent } from './events.ts';
import { after, CONFIRMATION_LIFETIME_MS, unexpired } from './lifetimes.ts';
import { isRegistered, type PendingSignUp, type RegisteredUser, type UserState } from './state.ts';

export function evolve(state: UserState, event: UserEvent): UserState {
  switch (event.type) {
    case 'UserRegistered':
      return registered(event.data);
    case 'AdminInvited': {
      const { userId, emailHash, email, name, invitedAt } = event.data;
      return { ...nothingPending, userId, emailHash, email, name, role: 'admin', registeredAt: invitedAt };
    }
    case 'SignUpRepeated': {
      const { repeatedAt: at, ...signUp } = event.data;
      return change(state, ({ signUps }) => ({
        name: signUp.name,
        signUps: [...unexpired(signUps, at), pendingSignUp({ ...signUp, at })],
      }));
    }
    case 'KnownAddressSignedUp':
      return change(state, () => ({ lastNoticeAt: event.data.attemptedAt }));
    case 'EmailConfirmed':
      return change(state, (user) => confirmed(user, event.data.signUpId));
    case 'PasswordResetRequested': {
      const { resetId, requester, requestedAt, expiresAt } = event.data;
      const pending = { resetId, requester, expiresAt };
      return change(state, ({ resets }) => ({ resets: [...unexpired(resets, requestedAt), pending] }));
    }
    case 'PasswordChanged':
      return change(state, () => ({ password: event.data.password, resets: [] }));
    case 'ProfileChanged': {
      const { name, address } = event.data;
      return change(state, (user) => ({
        name: name ?? user.name,
        address: address === undefined ? user.address : (address ?? undefined),
      }));
    }
    case 'RoleChanged':
      // The password of a sign-up must not become that of an admin.
      return change(state, () => ({ role: event.data.role, signUps: [] }));
    case 'UserDisabled':
      return change(state, () => ({ status: 'disabled', resets: [] }));
    case 'UserEnabled':
      return change(state, ({ isConfirmed }) => ({ status: isConfirmed ? 'active' : 'unconfirmed' }));
    case 'UserForgotten': {
      const { userId, emailHash } = event.data;
      return { status: 'forgotten', userId, emailHash };
    }
    default:
      return unchanged(state, event);
  }
}

const nothingPending = { status: 'unconfirmed', isConfirmed: false, signUps: [], resets: [] } as const;

function registered(data: Extract<UserEvent, { type: 'UserRegistered' }>['data']): RegisteredUser {
  const { userId, emailHash, email, name, password, signUpId, confirmation, registeredAt } = data;
  const user = {
    ...nothingPending,
    userId,
    emailHash,
    email,
    name,
    role: 'customer' as const,
    registeredAt,
  };
  const signUp = pendingSignUp({ signUpId, name, password, at: registeredAt });
  const pending: RegisteredUser = { ...user, signUps: [signUp] };
  return confirmation === 'none' ? { ...pending, ...confirmed(pending, signUpId) } : pending;
}

const pendingSignUp = ({
  signUpId,
  name,
  password,
  at,
}: Omit<PendingSignUp, 'expiresAt'> & { readonly at: string }): PendingSignUp => ({
  signUpId,
  name,
  password,
  expiresAt: after(at, CONFIRMATION_LIFETIME_MS),
});

function confirmed(
  { signUps, name, password, status }: RegisteredUser,
  signUpId: string | undefined,
): Partial<RegisteredUser> {
  const signUp = signUps.find((pending) => pending.signUpId === signUpId);
  return {
    name: signUp?.name ?? name,
    password: signUp?.password ?? password,
    status: status === 'disabled' ? status : 'active',
    isConfirmed: true,
    signUpId,
    signUps: [],
  };
}

const change = (state: UserState, changesOf: (user: RegisteredUser) => Partial<RegisteredUser>): UserState =>
  isRegistered(state) ? { ...state, ...changesOf(state) } : state;
