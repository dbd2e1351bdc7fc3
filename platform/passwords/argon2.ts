import { hashSync, verifySync } from '@node-rs/argon2';
import { argon2Parameters } from './password-hasher.ts';

/** Returns the hash of a password in PHC format, with its parameters and a random salt. Takes some 30 ms. */
export const hashPassword = (password: string): string => hashSync(password, argon2Parameters);

/** Returns whether a hash in PHC format is that of the password. Takes as long as hashing. Throws for another format. */
export const verifyPassword = (hash: string, password: string): boolean => verifySync(hash, password);
