import { CommandFailed, exitCodes } from '../errors.ts';

const DEFAULT_PORT = '8080';

/**
 * Returns the address of the gateway, without a slash at its end: the option, or `ORDERSTREAM_URL`, or the gateway of this
 * machine. Throws `CommandFailed` for an address that is no http URL.
 */
export function serverAddress(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const text = given || env.ORDERSTREAM_URL || `http://127.0.0.1:${env.GATEWAY_PORT || DEFAULT_PORT}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && url.search === '' && url.hash === '' && url.username === '';
  if (!isPlain || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new CommandFailed(
      exitCodes.usage,
      `--server (or ORDERSTREAM_URL) is ${JSON.stringify(text)}; allowed: an address such as http://127.0.0.1:8080, without user, query and fragment`,
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Returns whether an address is one of this machine only. */
export const isLoopback = (server: string): boolean =>
  /^(127(\.\d+){3}|localhost|\[::1\])$/.test(new URL(server).hostname);
