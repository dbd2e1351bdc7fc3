import { customerId } from '../../kernel/ids.ts';
import type { PersonalData } from '../../kernel/personal-data.ts';
import type { UserEvent } from '../events.ts';

export const userId = customerId('0198-ann');
export const emailHash = 'a1'.repeat(32);

/** Returns a value as personal data; the ciphertext only has to differ by value. */
export const personal = (value: unknown): PersonalData => ({
  personId: userId,
  ciphertext: Buffer.from(JSON.stringify(value)).toString('base64url'),
});

/** Returns a time of the first (or another) day of 2026. */
export const at = (time: string, day = 1): string => `2026-01-0${day}T${time}:00.000Z`;

const signUp = {
  userId,
  emailHash,
  email: personal('ann@example.com'),
  name: personal('Ann'),
  password: personal('hash-1'),
  signUpId: 's-1',
  registeredAt: at('12:00'),
};
export const registered: UserEvent = {
  type: 'UserRegistered',
  data: { ...signUp, confirmation: 'by-mail' },
};
export const active: UserEvent = { type: 'UserRegistered', data: { ...signUp, confirmation: 'none' } };
