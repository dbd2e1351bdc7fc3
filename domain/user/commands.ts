import type { CustomerId } from '../kernel/ids.ts';
import type { PersonalData } from '../kernel/personal-data.ts';
import type { ResetRequester, UserRole } from './events.ts';

/** Times (`at`, `expiresAt`) are ISO 8601. `by` is the `sub` of the caller. */
export interface RegisterUser {
  readonly type: 'RegisterUser';
  readonly userId: CustomerId;
  readonly emailHash: string;
  readonly email: PersonalData;
  readonly name: PersonalData;
  /** The Argon2id hash. */
  readonly password: PersonalData;
  readonly signUpId: string;
  readonly confirmation: 'by-mail' | 'none';
  readonly at: string;
}
export interface InviteAdmin {
  readonly type: 'InviteAdmin';
  readonly userId: CustomerId;
  readonly emailHash: string;
  readonly email: PersonalData;
  readonly name: PersonalData;
  readonly at: string;
}
export interface ConfirmEmail {
  readonly type: 'ConfirmEmail';
  readonly signUpId: string;
  readonly at: string;
}
export interface RequestPasswordReset {
  readonly type: 'RequestPasswordReset';
  readonly resetId: string;
  readonly requester: ResetRequester;
  readonly at: string;
  readonly expiresAt: string;
}
export interface ResetPassword {
  readonly type: 'ResetPassword';
  readonly resetId: string;
  readonly password: PersonalData;
  readonly at: string;
}
/** The caller has checked the old password. */
export interface ChangePassword {
  readonly type: 'ChangePassword';
  readonly password: PersonalData;
  readonly keptSession?: string | undefined;
  readonly at: string;
}
export interface ChangeProfile {
  readonly type: 'ChangeProfile';
  readonly name?: PersonalData | undefined;
  /** Null removes the address. */
  readonly address?: PersonalData | null | undefined;
}
export interface ChangeRole {
  readonly type: 'ChangeRole';
  readonly role: UserRole;
  readonly by: string;
}
export interface DisableUser {
  readonly type: 'DisableUser';
  readonly by: string;
}
export interface EnableUser {
  readonly type: 'EnableUser';
  readonly by: string;
}
export interface ForgetUser {
  readonly type: 'ForgetUser';
  readonly by: string;
  readonly at: string;
}

export type UserCommand =
  | RegisterUser
  | InviteAdmin
  | ConfirmEmail
  | RequestPasswordReset
  | ResetPassword
  | ChangePassword
  | ChangeProfile
  | ChangeRole
  | DisableUser
  | EnableUser
  | ForgetUser;
