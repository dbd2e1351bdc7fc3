import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Mail } from './mailer.ts';
import { outboxMailer } from './outbox-mailer.ts';

const mail: Mail = {
  mailId: 'reset-1',
  to: { address: 'ann@shop.example', name: 'Ann\nLee' },
  subject: 'Your password',
  text: 'Open this page:\n\nhttp://127.0.0.1:8080/set-password#token=u-1.abc\n',
};
const from = { address: 'shop@orders.example', name: 'The Shop' };

let above: string;
let folder: string;
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'orderstream-outbox-'));
  folder = join(above, 'outbox');
});
afterEach(() => rmSync(above, { recursive: true }));

const mailer = (now = '2026-01-05T10:00:00Z') => outboxMailer({ folder, from, clock: () => new Date(now) });
/** Returns the files of mails: a mark of a discarded mail begins with a dot. */
const mails = () => readdirSync(folder).filter((name) => !name.startsWith('.'));

it('a mail becomes a text file that only its owner can read', async () => {
  expect(await mailer().send(mail)).toEqual({ outcome: 'sent' });
  expect(readdirSync(folder)).toEqual(['reset-1.txt']);
  expect(readFileSync(join(folder, 'reset-1.txt'), 'utf8')).toBe(
    `From: The Shop <shop@orders.example>
To: Ann Lee <ann@shop.example>
Date: 2026-01-05T10:00:00.000Z
Subject: Your password

Open this page:

http://127.0.0.1:8080/set-password#token=u-1.abc
`,
  );
  expect(statSync(join(folder, 'reset-1.txt')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('a mail that is sent again replaces its file', async () => {
  await mailer().send(mail);
  await mailer().send({ ...mail, text: 'again\n' });
  expect(readdirSync(folder)).toEqual(['reset-1.txt']);
  expect(readFileSync(join(folder, 'reset-1.txt'), 'utf8')).toContain('again');
});

it('a discarded mail leaves no file and no draft of a crash; other mails stay', async () => {
  await mailer().send(mail);
  await mailer().send({ ...mail, mailId: 'reset-12' });
  writeFileSync(join(folder, 'reset-1.txt.1234567890'), mail.text);
  await mailer().discard('reset-1');
  await mailer().discard('reset-1');
  expect(mails()).toEqual(['reset-12.txt']);
});

it('a mail that another process writes after it was discarded has no file', async () => {
  await mailer().discard('reset-1');
  expect(await mailer().send(mail)).toEqual({ outcome: 'sent' });
  expect(mails()).toEqual([]);
});

it('a discarded mail whose writer crashed after writing it has no file after the next start, or the next discarded mail', async () => {
  await mailer().discard('reset-1');
  const leave = () => writeFileSync(join(folder, 'reset-1.txt'), mail.text);
  leave();
  await mailer().send({ ...mail, mailId: 'reset-12' });
  expect(mails()).toEqual(['reset-12.txt']);
  const running = mailer();
  await running.send({ ...mail, mailId: 'reset-12' });
  leave();
  await running.discard('reset-3');
  expect(mails()).toEqual(['reset-12.txt']);
});

it('the mark of a discarded mail is deleted after a day, and holds nothing but the id of the mail', async () => {
  await mailer().discard('reset-1');
  const [mark] = readdirSync(folder);
  expect(readFileSync(join(folder, String(mark)), 'utf8')).toBe('');
  const nextDay = new Date(Date.now() + 25 * 3_600_000).toISOString();
  await mailer(nextDay).send({ ...mail, mailId: 'reset-12' });
  expect(readdirSync(folder)).toEqual(['reset-12.txt']);
});

it('a mail can be discarded before the outbox exists', async () => {
  await expect(mailer().discard('reset-1')).resolves.toBeUndefined();
  expect(mails()).toEqual([]);
});

it('an outbox that cannot be written is unavailable', async () => {
  writeFileSync(folder, 'a file, not a folder');
  const result = await mailer().send(mail);
  expect(result).toMatchObject({ outcome: 'unavailable' });
});

it('an id that would leave the folder is rejected', async () => {
  expect(await mailer().send({ ...mail, mailId: '../escaped' })).toMatchObject({ outcome: 'rejected' });
  expect(readdirSync(above)).toEqual([]);
});
