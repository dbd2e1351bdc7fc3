import { z } from 'zod';
import { CustomerId } from '../../domain/kernel/ids.ts';
import { UserRole } from '../../domain/user/events.ts';
import { postalAddress } from '../http/postal-address.ts';
import { text } from '../http/text-schemas.ts';
import { normalizeEmail } from './email-address.ts';

export const exampleUser = '01a20184-9c1e-7d52-8f3a-2b6f5c1d7e90';
export const examplePassword = 'correct horse battery staple';
export const exampleToken = `${exampleUser}.dGhlIHNlY3JldCBvZiB0aGUgbGluayBpcyAzMiBieXQ`;

/** An address in the form in which it is stored and compared. */
export const EmailAddress = z
  .string()
  .transform((email, context) => {
    const normalized = normalizeEmail(email);
    if (normalized !== undefined) return normalized;
    context.issues.push({
      code: 'custom',
      message: 'must be an e-mail address of at most 254 characters, such as ann@example.com',
      input: email,
    });
    return z.NEVER;
  })
  .meta({ example: 'ann@example.com', override: { type: 'string', maxLength: 320 } });

/** A password as the client sends it to be checked: it may be older than today's rules. */
export const Password = z.string().min(1).max(1024).meta({ format: 'password', example: examplePassword });

/** The token of a link. */
export const LinkToken = z.string().min(1).max(512).meta({ example: exampleToken });

export const tokenProblem = 'the body is not valid, or the token is unknown, was used before, or has expired';

export const PersonName = text(200).meta({ example: 'Ann Smith' });

export const PostalAddress = z
  .strictObject({
    name: PersonName.optional().meta({ description: 'The recipient; the name of the account when absent.' }),
    ...postalAddress,
  })
  .meta({
    id: 'PostalAddress',
    example: { lines: ['1 Main Street'], city: 'Ulm', postcode: '89073', country: 'DE' },
  });

const forgotten = z
  .literal(true)
  .optional()
  .meta({ description: 'The person was forgotten: personal fields are null.' });

/** An account as its owner and admins see it. */
export const Account = z
  .object({
    userId: CustomerId,
    email: z.string().nullable(),
    name: z.string().nullable(),
    address: PostalAddress.nullable().meta({ description: 'Null without an address.' }),
    role: UserRole,
    status: z.enum(['unconfirmed', 'active', 'disabled']),
    registeredAt: z.iso.datetime(),
    revision: z.string().meta({ description: 'revision of the account', example: '3' }),
    forgotten,
  })
  .meta({
    id: 'Account',
    example: {
      userId: exampleUser,
      email: 'ann@example.com',
      name: 'Ann Smith',
      address: { lines: ['1 Main Street'], city: 'Ulm', postcode: '89073', country: 'DE' },
      role: 'customer',
      status: 'active',
      registeredAt: '2026-01-31T12:00:00.000Z',
      revision: '3',
    },
  });

export const UserPath = z.strictObject({
  userId: CustomerId.meta({ description: 'The id of the account.', example: exampleUser }),
});
