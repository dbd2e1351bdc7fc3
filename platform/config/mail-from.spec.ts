import { expect, it } from 'vitest';
import { parseMailFrom } from './mail-from.ts';

it.each([
  ['shop@example.com', { address: 'shop@example.com' }],
  ['The Shop <shop@example.com>', { name: 'The Shop', address: 'shop@example.com' }],
  ['<shop@bücher.example>', { address: 'shop@xn--bcher-kva.example' }],
])('MAIL_FROM %s is a mailbox', (text, mailbox) => {
  expect(parseMailFrom(text)).toEqual(mailbox);
});

it.each(['', 'The Shop', 'The Shop <shop>', 'a@example.com, b@example.com', 'The\nShop <a@example.com>'])(
  'MAIL_FROM %j is rejected',
  (text) => {
    expect(parseMailFrom(text)).toBeUndefined();
  },
);
