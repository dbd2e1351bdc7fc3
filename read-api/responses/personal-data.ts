import type { PersonalDataCipher } from '../../key-store/personal-data.ts';

/** Decrypts personal data of a response; the caller must be permitted to see it. */
export type Decrypt = PersonalDataCipher['decryptAll'];
