import { type ChangeOptions, type ListOptions, openCli } from '../cli.ts';
import { pathPart } from '../http/answer.ts';
import { statusStyle } from '../output/styles.ts';
import { type Column, fields } from '../output/table.ts';
import { askPassword } from './password.ts';

const ACCOUNTS = '/api/v1/accounts';

/** An account, as the query API lists it. Personal data is null once the person is forgotten. */
interface Account {
  readonly userId: string;
  readonly email?: string | null;
  readonly name?: string | null;
  readonly role?: string;
  readonly status?: string;
  readonly disabled?: boolean;
  readonly confirmed?: boolean;
  readonly forgotten?: boolean;
}

const stateOf = ({ status, disabled, confirmed, forgotten }: Account): string =>
  forgotten ? 'forgotten' : disabled ? 'disabled' : (status ?? (confirmed === false ? 'unconfirmed' : ''));

const columns: readonly Column<Account>[] = [
  { header: 'USER', value: ({ userId }) => userId },
  { header: 'ROLE', value: ({ role }) => role },
  { header: 'E-MAIL', value: ({ email }) => email ?? '', shrinksTo: 12 },
  { header: 'NAME', value: ({ name }) => name ?? '', shrinksTo: 8 },
  { header: 'STATUS', value: stateOf, style: (account) => statusStyle(stateOf(account)) },
];

export async function listAccounts(options: ListOptions): Promise<void> {
  await openCli(options).list<Account>(ACCOUNTS, {}, options, columns, 'There are no accounts.');
}

export interface CreateAccount extends ChangeOptions {
  readonly name: string;
  readonly passwordStdin?: boolean;
}

export async function createAccount(email: string, options: CreateAccount): Promise<void> {
  const password = options.dryRun
    ? '(the password)'
    : await askPassword('Password of the new account: ', options);
  const body = { email, password, name: options.name };
  const request = { method: 'POST', path: ACCOUNTS, body, isPublic: true } as const;
  await openCli(options).send(
    request,
    options,
    () =>
      'accepted: unless the address has an account already, the account can be used, or a link to confirm it is mailed',
  );
}

const pathOf = (userId: string, action = '') => `${ACCOUNTS}/${pathPart(userId)}${action}`;

export async function setRole(userId: string, role: string, options: ChangeOptions): Promise<void> {
  const request = { method: 'POST', path: pathOf(userId, '/role'), body: { role } } as const;
  await openCli(options).send(request, options, () => `the role of ${userId} is ${role}`);
}

export async function enableOrDisable(
  action: 'enable' | 'disable',
  userId: string,
  options: ChangeOptions,
): Promise<void> {
  const request = { method: 'POST', path: pathOf(userId, `/${action}`), body: {} } as const;
  await openCli(options).send(request, options, () => `${userId} is ${action}d`);
}

export async function forgetAccount(userId: string, options: ChangeOptions): Promise<void> {
  const words = `${userId} is forgotten: the personal data cannot be read any more`;
  await openCli(options).send({ method: 'DELETE', path: pathOf(userId) }, options, () => words);
}

export async function startPasswordReset(userId: string, options: ChangeOptions): Promise<void> {
  const request = { method: 'POST', path: pathOf(userId, '/password-reset'), body: {} } as const;
  await openCli(options).send(request, options, ({ link, expiresAt }: { link: string; expiresAt: string }) =>
    fields({ link, expires: expiresAt }),
  );
}
