import { z } from 'zod';

/**
 * Personal data of one person, encrypted with that person's key (`key-store/personal-data.ts`). The domain sees no plain text.
 * The same value of the same person has the same ciphertext, so that deciders can compare values.
 */
export const PersonalData = z
  .strictObject({
    personId: z.string().min(1).max(128),
    ciphertext: z.base64url().min(1),
  })
  .readonly();
export type PersonalData = z.output<typeof PersonalData>;

/** Returns whether both are the same value of the same person. */
export const samePersonalData = (a: PersonalData | undefined, b: PersonalData | undefined): boolean =>
  a?.personId === b?.personId && a?.ciphertext === b?.ciphertext;
