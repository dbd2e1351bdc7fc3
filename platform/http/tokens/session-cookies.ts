import { parse, serialize } from 'cookie';

/** Names and attributes of the cookies of a session. */
export interface SessionCookies {
  /** Returns the access token in a `Cookie` header. */
  readonly accessToken: (header: string | undefined) => string | undefined;
  /** Returns the refresh token in a `Cookie` header. */
  readonly refreshToken: (header: string | undefined) => string | undefined;
  /** Returns the mark of a browser that has logged in before, in a `Cookie` header. */
  readonly device: (header: string | undefined) => string | undefined;
  /** Returns the `Set-Cookie` value that stores this mark. It stays after the log-out. */
  readonly setDevice: (value: string) => string;
  /** Returns the `Set-Cookie` values that store both tokens; the browser deletes each at its expiry. */
  readonly set: (tokens: NewTokens) => readonly string[];
  /** Returns the `Set-Cookie` values that delete both cookies. */
  readonly clear: () => readonly string[];
}

interface NewTokens {
  readonly accessToken: string;
  readonly accessSeconds: number;
  readonly refreshToken: string;
  readonly refreshSeconds: number;
}

const ACCESS = 'orderstream_access';
const REFRESH = 'orderstream_refresh';
const DEVICE = 'orderstream_device';
/** The longest that browsers keep a cookie: 400 days. */
const DEVICE_SECONDS = 400 * 24 * 3600;

/**
 * Creates the cookies of sessions. With `isSecure`, they are `Secure` and their names begin with `__Host-`: a browser then
 * accepts them from this host over https alone. The prefix requires `Path=/`, so the refresh token is sent with each request
 * (OWASP, Session Management Cheat Sheet).
 */
export function createSessionCookies(isSecure: boolean): SessionCookies {
  const prefix = isSecure ? '__Host-' : '';
  const [access, refresh, device] = [`${prefix}${ACCESS}`, `${prefix}${REFRESH}`, `${prefix}${DEVICE}`];
  const cookie = (name: string, value: string, maxAge: number) =>
    serialize(name, value, { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure, maxAge });
  const read = (header: string | undefined, name: string) =>
    header?.includes(name) ? parse(header)[name] || undefined : undefined;
  return {
    accessToken: (header) => read(header, access),
    refreshToken: (header) => read(header, refresh),
    device: (header) => read(header, device),
    setDevice: (value) => cookie(device, value, DEVICE_SECONDS),
    set: ({ accessToken, accessSeconds, refreshToken, refreshSeconds }) => [
      cookie(access, accessToken, accessSeconds),
      cookie(refresh, refreshToken, refreshSeconds),
    ],
    clear: () => [cookie(access, '', 0), cookie(refresh, '', 0)],
  };
}

/** Returns whether a `Cookie` header has a cookie of a session, with or without the prefix. */
export const hasSessionCookie = (header: string | undefined): boolean =>
  header !== undefined && (header.includes(ACCESS) || header.includes(REFRESH));
