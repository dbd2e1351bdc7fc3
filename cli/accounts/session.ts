import { type ChangeOptions, note, openCli, type ServerOptions } from '../cli.ts';
import { CommandFailed, exitCodes } from '../errors.ts';
import { failureOf } from '../http/problems.ts';
import { NoAnswer, sendOnce } from '../http/send-once.ts';
import { isLoopback, serverAddress } from '../http/server-address.ts';
import { Credentials } from '../log-in/credentials.ts';
import { logInOf } from '../log-in/tokens.ts';
import { fields } from '../output/table.ts';
import { visibleJson } from '../output/visible.ts';
import { askPassword } from './password.ts';
import { claimsOf } from './token-claims.ts';

/** Logs in, and stores the session for later commands. */
export async function logIn(
  email: string,
  options: ServerOptions & { readonly passwordStdin?: boolean },
): Promise<void> {
  const server = serverAddress(options.server);
  if (server.startsWith('http:') && !isLoopback(server))
    note(`Warning: ${server} is not encrypted; others on the way can read the password. Use https.`);
  const password = await askPassword(`Password of ${email}: `, options);
  const now = Date.now();
  const request = {
    method: 'POST',
    path: '/api/v1/sessions',
    body: { email, password, tokens: true },
  } as const;
  const answer = await sendOnce(server, request).catch((error: unknown) => {
    if (!(error instanceof NoAnswer)) throw error;
    const advice = 'Is Orderstream running there? --server or ORDERSTREAM_URL name another address.';
    throw new CommandFailed(exitCodes.unavailable, `${error.message}\n${advice}`);
  });
  if (answer.status === 401)
    throw new CommandFailed(
      exitCodes.notLoggedIn,
      `the address or the password is wrong, or the account is not confirmed or is disabled (${server})`,
    );
  if (answer.status !== 201) throw failureOf('the log-in failed', answer);
  const stored = logInOf(answer.body, { email, now });
  await new Credentials().update(server, async () => stored);
  const { user } = stored;
  // Tokens are secrets: they are stored, and never printed.
  if (options.json) process.stdout.write(`${visibleJson(JSON.stringify({ user }))}\n`);
  else process.stdout.write(`logged in at ${server} as ${visibleJson(user.name ?? email)} (${user.role})\n`);
}

/** Ends the stored session at the server, and forgets it here. */
export async function logOut(options: ChangeOptions): Promise<void> {
  const server = serverAddress(options.server);
  const credentials = new Credentials();
  const stored = await credentials.read(server);
  if (stored === undefined && !options.token) {
    note(`Not logged in at ${server}.`);
    return;
  }
  const cli = openCli(options);
  const request = { method: 'DELETE', path: '/api/v1/sessions/current' } as const;
  if (options.dryRun) {
    cli.printText(cli.describeRequest(request));
    note('Dry run: nothing was sent.');
    return;
  }
  try {
    await cli.change(request);
  } catch (error) {
    // The session has ended already: only the file is left.
    if (!(error instanceof CommandFailed) || error.exitCode !== exitCodes.notLoggedIn) throw error;
  }
  if (!options.token) await credentials.update(server, async () => undefined);
  note(`Logged out at ${server}.`);
}

/** Prints who the server takes the caller for. */
export async function whoAmI(options: ServerOptions): Promise<void> {
  const cli = openCli(options);
  const claims = claimsOf(await cli.client.token());
  if (claims.sid !== undefined) {
    await cli.show('/api/v1/accounts/me', (me: Me) =>
      fields({
        user: me.userId,
        name: me.name ?? undefined,
        'e-mail': me.email ?? undefined,
        role: me.role ?? claims.role,
        server: cli.client.server,
      }),
    );
    return;
  }
  // A token without a session belongs to a machine. The server checks it with this request.
  await cli.client.request({ method: 'GET', path: '/api/v1/customers/me' });
  const { sub, role, exp } = claims;
  const expires = exp === undefined ? undefined : new Date(exp * 1_000).toISOString();
  const shown = { sub, role, expires };
  cli.printText(
    cli.isJson
      ? visibleJson(JSON.stringify(shown))
      : fields({ token: sub, role, expires, server: cli.client.server }),
  );
}

interface Me {
  readonly userId: string;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly role?: string;
}
