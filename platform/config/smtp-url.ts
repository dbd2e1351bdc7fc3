import { readFileSync } from 'node:fs';
import { percentDecoded } from '../percent-encoding.ts';
import { isLoopback } from './addresses.ts';

/** How the connection to a mail server is encrypted: from its start, or by STARTTLS. */
export type SmtpTls = 'from-start' | 'required' | 'optional' | 'off';

/** The parts of `SMTP_URL`. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly tls: SmtpTls;
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Path of a file with the certificates that the server's one must lead to; default: those of Node. */
  readonly tlsCAFile?: string;
}

const DEFAULT_PORT = { smtp: 587, smtps: 465 } as const;

/**
 * Parses `smtp://user:password@host:port?tls=…&tlsCAFile=…` or `smtps://…`. Throws `RangeError` for a bad one; the message says
 * why and quotes no secret. Credentials need an encrypted connection, unless the server is on this machine.
 */
export function parseSmtpUrl(url: string): SmtpServer {
  const parts = /^(smtps?):\/\/(?:([^@]*)@)?([^@/?#]*)\/?(?:\?([^#]*))?$/.exec(url);
  if (parts === null) throw new RangeError('it should be smtp://host:port or smtps://host:port');
  const [, scheme, login, authority = '', query = ''] = parts;
  const protocol = scheme as keyof typeof DEFAULT_PORT;
  const { host, port = DEFAULT_PORT[protocol] } = hostFrom(authority);
  const { tls, tlsCAFile } = optionsFrom(query);
  if (protocol === 'smtps' && tls !== undefined)
    throw new RangeError('its option tls is for smtp:// only: smtps:// is always encrypted');
  const server: SmtpServer = {
    host,
    port,
    tls: protocol === 'smtps' ? 'from-start' : (tls ?? (isLoopback(host) ? 'optional' : 'required')),
    ...(login !== undefined && { credentials: credentialsFrom(login) }),
    ...(tlsCAFile !== undefined && { tlsCAFile }),
  };
  if (server.credentials && !isLoopback(host) && (server.tls === 'optional' || server.tls === 'off'))
    throw new RangeError('with a user and a password, its option tls should be required');
  return server;
}

/** Says what is wrong with `SMTP_URL`; undefined when it is good. */
export function describeBadSmtpUrl(url: string): string | undefined {
  try {
    parseSmtpUrl(url);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function hostFrom(authority: string): { readonly host: string; readonly port?: number } {
  const [, name, ipv6, port] =
    /^(?:([A-Za-z0-9._-]+)|\[([\da-fA-F:.]+)\])(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const host = (name ?? ipv6)?.toLowerCase();
  if (host === undefined) throw new RangeError('its host should be a name or an IP address, and :port');
  if (port === undefined) return { host };
  if (Number(port) === 0 || Number(port) > 65_535)
    throw new RangeError(`its port ${port} should be from 1 to 65535`);
  return { host, port: Number(port) };
}

function credentialsFrom(login: string): { readonly user: string; readonly password: string } {
  const [, user, password] = /^([^\s:@/?#]+):([^\s:@/?#]+)$/.exec(login) ?? [];
  const decoded = { user: percentDecoded(user ?? '%'), password: percentDecoded(password ?? '%') };
  if (decoded.user === undefined || decoded.password === undefined)
    throw new RangeError(
      'the text before its @ should be user:password, with : @ / ? # % of either percent-encoded, such as %40 for @',
    );
  return { user: decoded.user, password: decoded.password };
}

type TlsOption = Exclude<SmtpTls, 'from-start'>;
const isTlsOption = (text: string): text is TlsOption => ['required', 'optional', 'off'].includes(text);

function optionsFrom(query: string): { readonly tls?: TlsOption; readonly tlsCAFile?: string } {
  const options: { tls?: TlsOption; tlsCAFile?: string } = {};
  for (const option of query === '' ? [] : query.split('&')) {
    const [, name = '', raw = ''] = /^([A-Za-z]+)=(.+)$/.exec(option) ?? [];
    const value = percentDecoded(raw);
    if (name === 'tls' && value !== undefined && isTlsOption(value)) options.tls = value;
    else if (name === 'tls') throw new RangeError('its option tls should be required, optional or off');
    else if (name === 'tlsCAFile' && value !== undefined) options.tlsCAFile = readable(value);
    else throw new RangeError('its options should be tls=required, optional or off, and tlsCAFile=path');
  }
  return options;
}

function readable(path: string): string {
  try {
    readFileSync(path);
    return path;
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new RangeError(`its option tlsCAFile names a file that cannot be read, ${path} (${why})`);
  }
}
