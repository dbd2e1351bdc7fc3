import type { CustomerId } from '../kernel/ids.ts';
import type { PersonalData } from '../kernel/personal-data.ts';
import type { ResetRequester, UserRole } from './events.ts';

/** A sign-up whose link was not opened yet. */
export interface PendingSignUp {
  readonly signUpId: string;
  readonly name: PersonalData;
  readonly password: PersonalData;
  readonly expiresAt: string;
}

/** A reset whose link was not used yet. */
export interface PendingReset {
  readonly resetId: string;
  readonly requester: ResetRequester;
  readonly expiresAt: string;
}

export interface RegisteredUser {
  /** Only an active user can log in. */
  readonly status: 'unconfirmed' | 'active' | 'disabled';
  readonly userId: CustomerId;
  readonly emailHash: string;
  readonly email: PersonalData;
  readonly name: PersonalData;
  readonly address?: PersonalData | undefined;
  /** The Argon2id hash; absent until the address is confirmed. */
  readonly password?: PersonalData | undefined;
  readonly role: UserRole;
  readonly registeredAt: string;
  /** Whether the owner has proved that the address is theirs, or no proof was required. */
  readonly isConfirmed: boolean;
  /** The sign-up that is valid, or was the last to become so. */
  readonly signUpId?: string | undefined;
  readonly signUps: readonly PendingSignUp[];
  readonly resets: readonly PendingReset[];
  /** When the owner was last told of a sign-up with their address. */
  readonly lastNoticeAt?: string | undefined;
}

/** What remains of a forgotten user. */
export interface ForgottenUser {
  readonly status: 'forgotten';
  readonly userId: CustomerId;
  readonly emailHash: string;
}

export type UserState = { readonly status: 'unregistered' } | RegisteredUser | ForgottenUser;

export const initialUser: UserState = { status: 'unregistered' };

export const isRegistered = (state: UserState): state is RegisteredUser =>
  state.status !== 'unregistered' && state.status !== 'forgotten';

/** Returns whether the user can log in as an admin. */
export const isEnabledAdmin = (state: UserState): boolean =>
  state.status === 'active' && state.role === 'admin';
