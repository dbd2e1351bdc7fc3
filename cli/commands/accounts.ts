import { Argument, type Command } from 'commander';
import { addChange, addList, addQuery } from './options.ts';

const load = () => import('../accounts/accounts.ts');
const loadSession = () => import('../accounts/session.ts');
const loadOwnSessions = () => import('../accounts/own-sessions.ts');
const USER = ['<user>', 'the id of the account'] as const;

/** Adds the commands to log in and out. */
export function addSessionCommands(program: Command): void {
  addQuery(program, 'login', 'log in, and store the session for later commands')
    .argument('<email>', 'the address of the account')
    .option('--password-stdin', 'read the password from standard input')
    .action(async (email, options) => (await loadSession()).logIn(email, options));

  addChange(program, 'logout', 'end the stored session').action(async (options) =>
    (await loadSession()).logOut(options),
  );

  addQuery(program, 'whoami', 'show who you are for the server').action(async (options) =>
    (await loadSession()).whoAmI(options),
  );

  const sessions = program.command('sessions').description('list and end your own sessions');
  addQuery(sessions, 'list', 'list your sessions').action(async (options) =>
    (await loadOwnSessions()).listSessions(options),
  );
  addChange(sessions, 'end', 'end one of your sessions')
    .argument('<session>', 'its id')
    .action(async (sessionId, options) => (await loadOwnSessions()).endSession(sessionId, options));
}

/** Adds the commands about accounts; most are for admins. */
export function addAccountCommands(program: Command): void {
  const accounts = program.command('accounts').description('create and manage accounts');

  addList(accounts, 'list', 'list accounts').action(async (options) => (await load()).listAccounts(options));

  addChange(accounts, 'create', 'sign up a new account')
    .argument('<email>', 'its address')
    .requiredOption('--name <name>', 'the name of the person')
    .option('--password-stdin', 'read the password from standard input')
    .action(async (email, options) => (await load()).createAccount(email, options));

  addChange(accounts, 'role', 'give an account another role')
    .argument(...USER)
    .addArgument(new Argument('<role>').choices(['customer', 'operator', 'admin']))
    .action(async (userId, role, options) => (await load()).setRole(userId, role, options));

  for (const [action, description] of [
    ['disable', 'end the sessions of an account, and let it log in no more'],
    ['enable', 'let a disabled account log in again'],
  ] as const)
    addChange(accounts, action, description)
      .argument(...USER)
      .action(async (userId, options) => (await load()).enableOrDisable(action, userId, options));

  addChange(accounts, 'forget', 'delete an account: its personal data can no longer be read')
    .argument(...USER)
    .action(async (userId, options) => (await load()).forgetAccount(userId, options));

  addChange(accounts, 'reset-password', 'print a link with which the person sets a new password')
    .argument(...USER)
    .action(async (userId, options) => (await load()).startPasswordReset(userId, options));
}
