import { z } from 'zod';
import { PersonalData } from '../../domain/kernel/personal-data.ts';
import { UserRole } from '../../domain/user/events.ts';
import { type DocumentOf, Revision, Text, Time } from '../documents/document-schema.ts';

export const AccountStatus = z.enum(['unconfirmed', 'active', 'disabled', 'forgotten']);

/** An account. Personal data stays encrypted: for a forgotten person, it can no longer be decrypted. */
export const AccountDocument = z.strictObject({
  userId: Text,
  email: PersonalData,
  name: PersonalData,
  role: UserRole,
  status: AccountStatus,
  registeredAt: Time,
  forgottenAt: Time.optional(),
  updatedAt: Time,
  revision: Revision,
  /** Whether the status is `active` once the account is enabled. */
  isConfirmed: z.boolean(),
  /** Names of the sign-ups whose links were not opened yet: one of them becomes the name. */
  signUps: z.array(z.strictObject({ signUpId: Text, name: PersonalData })),
});
export type AccountDocument = DocumentOf<typeof AccountDocument>;

const shownFields = AccountDocument.omit({ isConfirmed: true, signUps: true }).shape;

/** An account as the query API returns it to admins. */
export const AccountResponse = z
  .strictObject({
    ...shownFields,
    email: Text.nullable().meta({ description: 'Null when the person was forgotten.' }),
    name: Text.nullable(),
    forgotten: z.literal(true).optional(),
  })
  .meta({
    example: {
      userId: '01a20184-9c1e-7d52-8f3a-2b6f5c1d7e90',
      email: 'ann@example.com',
      name: 'Ann Smith',
      role: 'customer',
      status: 'active',
      registeredAt: '2026-01-31T12:00:00.000Z',
      updatedAt: '2026-01-31T12:05:00.000Z',
      revision: '1',
    },
  });
