import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId } from '../kernel/ids.ts';
import { PersonalData } from '../kernel/personal-data.ts';
import { Instant } from '../kernel/values.ts';

export const UserRole = z.enum(['customer', 'operator', 'admin']);
export type UserRole = z.output<typeof UserRole>;

/** Who asked for a password reset. Only the owner gets the link by mail; the others see it. */
export const ResetRequester = z.enum(['owner', 'admin', 'command-line']);
export type ResetRequester = z.output<typeof ResetRequester>;

/** The id of an account is the `customerId` of its orders and the `sub` of its tokens. */
const ofUser = { userId: CustomerId };
/** The keyed hash that names the stream of the address, `email-<hash>`. */
export const EmailHash = z.string().regex(/^[0-9a-f]{64}$/);
const ofAddress = { emailHash: EmailHash, email: PersonalData };
/** What a sign-up brings. `password` is the Argon2id hash; `signUpId` is part of the token in the mailed link. */
const ofSignUp = { signUpId: z.string().min(1), name: PersonalData, password: PersonalData };

/** The first sign-up for an address. With `confirmation: 'none'` the account is active at once. */
export const UserRegistered = defineEvent('UserRegistered', 1, {
  ...ofUser,
  ...ofAddress,
  ...ofSignUp,
  confirmation: z.enum(['by-mail', 'none']),
  registeredAt: Instant,
});
/** Another sign-up for an address that is not confirmed yet: it gets a link of its own. */
export const SignUpRepeated = defineEvent('SignUpRepeated', 1, {
  ...ofUser,
  ...ofSignUp,
  repeatedAt: Instant,
});
/** A sign-up for an address that has an active account. Its owner is told by mail; nothing else changes. */
export const KnownAddressSignedUp = defineEvent('KnownAddressSignedUp', 1, {
  ...ofUser,
  attemptedAt: Instant,
});
/** An admin without a password: the link of a `PasswordResetRequested` sets it. */
export const AdminInvited = defineEvent('AdminInvited', 1, {
  ...ofUser,
  ...ofAddress,
  name: PersonalData,
  invitedAt: Instant,
});
/** The owner has opened a link. Name and password of that sign-up become valid; without `signUpId` it was a reset link. */
export const EmailConfirmed = defineEvent('EmailConfirmed', 1, {
  ...ofUser,
  signUpId: z.string().min(1).optional(),
  confirmedAt: Instant,
});
/** `resetId` is part of the token in the link. */
export const PasswordResetRequested = defineEvent('PasswordResetRequested', 1, {
  ...ofUser,
  resetId: z.string().min(1),
  requester: ResetRequester,
  requestedAt: Instant,
  expiresAt: Instant,
});
/** Ends all sessions but `keptSession`. `resetId` is absent when the owner knew the old password. */
export const PasswordChanged = defineEvent('PasswordChanged', 1, {
  ...ofUser,
  password: PersonalData,
  keptSession: z.string().min(1).optional(),
  resetId: z.string().min(1).optional(),
  changedAt: Instant,
});
/** Has the fields that changed; `address: null` removes the address. */
export const ProfileChanged = defineEvent('ProfileChanged', 1, {
  ...ofUser,
  name: PersonalData.optional(),
  address: PersonalData.nullable().optional(),
});
export const RoleChanged = defineEvent('RoleChanged', 1, { ...ofUser, role: UserRole, by: z.string() });
/** Ends all sessions. */
export const UserDisabled = defineEvent('UserDisabled', 1, { ...ofUser, by: z.string() });
export const UserEnabled = defineEvent('UserEnabled', 1, { ...ofUser, by: z.string() });
/** The person's key is destroyed after this event, and the address becomes free. */
export const UserForgotten = defineEvent('UserForgotten', 1, {
  ...ofUser,
  emailHash: EmailHash,
  by: z.string(),
  at: Instant,
});

export const userEvents = [
  UserRegistered,
  SignUpRepeated,
  KnownAddressSignedUp,
  AdminInvited,
  EmailConfirmed,
  PasswordResetRequested,
  PasswordChanged,
  ProfileChanged,
  RoleChanged,
  UserDisabled,
  UserEnabled,
  UserForgotten,
] as const;
export type UserEvent = EventOf<(typeof userEvents)[number]>;
