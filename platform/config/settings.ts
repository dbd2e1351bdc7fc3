import { z } from 'zod';
import { logLevels } from '../logging/logger.ts';
import { percentDecoded } from '../percent-encoding.ts';
import { corsOriginsOf, describeBadOrigin, imageOriginsOf, isOrigin } from './cors-origins.ts';
import { parseEventStoreUrl } from './event-store-url.ts';
import { parseMailFrom } from './mail-from.ts';
import { redactUrl } from './redact-url.ts';
import { describeBadSmtpUrl } from './smtp-url.ts';
import { trustedProxiesOf } from './trusted-proxies.ts';

/** One environment variable: name, schema, default, allowed values and meaning. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** Parses the text of the variable. */
  readonly schema: Schema;
  /** Default as text; absent when there is no fixed default. */
  readonly fallback?: string;
  /** Instead of a fallback: the behaviour without the variable, in words. */
  readonly otherwise?: string;
  readonly allowed: string;
  readonly meaning: string;
  /** Returns a bad value for an error message, without secrets. */
  readonly shown: (value: string) => string;
  /** Says what is wrong with a bad value when `allowed` is not enough; must not quote a secret. */
  readonly why?: (value: string) => string | undefined;
}

type Words = Pick<Setting, 'meaning' | 'fallback' | 'otherwise'>;

const setting = <Schema extends z.ZodType, W extends Words>(
  name: string,
  schema: Schema,
  allowed: string,
  words: W,
  shown: (value: string) => string = (value) => value,
): Setting<Schema> & W => ({ name, schema, allowed, shown, ...words });

const wholeNumber = <W extends Words>(name: string, min: number, max: number, words: W) =>
  setting(
    name,
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .refine((number) => number >= min && number <= max),
    `a whole number from ${min} to ${max}`,
    words,
  );
const port = (name: string, fallback: string, meaning: string) =>
  wholeNumber(name, 0, 65_535, { fallback, meaning: `${meaning}; 0 for any free port` });
const milliseconds = (name: string, fallback: string, meaning: string) =>
  wholeNumber(name, 1, 30 * 24 * 3600 * 1000, { fallback, meaning: `in milliseconds: ${meaning}` });
const apiUrl = (name: string, meaning: string, portSetting: string) =>
  setting(
    name,
    z
      .string()
      .refine((url) => /^https?:\/\/[^\s/?#@]+\/?$/i.test(url) && URL.canParse(url))
      .transform((url) => new URL(url)),
    'http://host:port or https://host:port, without a path',
    { otherwise: `this machine, at ${portSetting}`, meaning },
    redactUrl,
  );
const oneOf = <const Values extends readonly [string, ...string[]], W extends Words>(
  name: string,
  values: Values,
  words: W,
) => setting(name, z.enum(values), values.join(', '), words);

/** Says what is wrong with a connection string of an event store; undefined when it is good. */
function describeBadEventStoreUrl(url: string): string | undefined {
  try {
    parseEventStoreUrl(url);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Credentials, hosts and ports, path, options. */
const mongoUrl =
  /^mongodb(\+srv)?:\/\/([^\s@/?#]+@)?([^\s/?#@:,[\]]+|\[[\da-f:.]+\])(:\d+)?(,([^\s/?#@:,[\]]+|\[[\da-f:.]+\])(:\d+)?)*(\/[^\s?#]*)?(\?[^\s#]*)?$/i;

const storeUrl = z
  .string()
  .refine((url) => /^sqlite:.+$/.test(url) || (mongoUrl.test(url) && percentDecoded(url) !== undefined));

const visible = /^[\x21-\x7e]{1,255}$/;

export const minSecretBytes = 32;
export const masterKeyBytes = 32;

/** All environment variables, by their names in the code. `.env.example` and the README have the same list. */
export const settings = {
  eventStoreUrl: {
    ...setting(
      'EVENTSTORE_URL',
      z.string().refine((url) => describeBadEventStoreUrl(url) === undefined),
      'esdb://host:port, or esdb+discover://host:port,… for a cluster, with the options of the EventStoreDB client',
      { fallback: 'esdb://127.0.0.1:2113?tls=false', meaning: 'the event store' },
      redactUrl,
    ),
    why: describeBadEventStoreUrl,
  },
  readStoreUrl: setting(
    'READ_STORE_URL',
    storeUrl,
    'sqlite:FOLDER, mongodb://… or mongodb+srv://…',
    { otherwise: 'sqlite: with the folder read-store in DATA_DIR', meaning: 'the store of the read models' },
    redactUrl,
  ),
  keyStoreUrl: setting(
    'KEY_STORE_URL',
    storeUrl,
    'sqlite:FOLDER, mongodb://… or mongodb+srv://…',
    {
      otherwise: 'sqlite: with the folder key-store in DATA_DIR',
      meaning:
        'the store of the keys that encrypt personal data, sign session tokens and hash addresses; keep it apart from other backups',
    },
    redactUrl,
  ),
  dataDir: setting('DATA_DIR', z.string().min(1), 'a folder that can be created and written', {
    fallback: './data',
    meaning: 'the folder for the data of this machine; created when it does not exist',
  }),
  host: setting('HOST', z.string().regex(/^[A-Za-z0-9.:-]+$/), 'a host name or an IP address', {
    fallback: '127.0.0.1',
    meaning: 'the address that all servers listen on',
  }),
  commandPort: port('COMMAND_PORT', '3001', 'port of the command API'),
  queryPort: port('QUERY_PORT', '3002', 'port of the query API'),
  gatewayPort: port('GATEWAY_PORT', '8080', 'port of the gateway'),
  publicUrl: setting(
    'PUBLIC_URL',
    z.string().refine(isOrigin),
    'an origin such as https://shop.example, without a path and a slash at its end',
    {
      otherwise: 'http://127.0.0.1 with GATEWAY_PORT',
      meaning:
        'the address at which browsers see the shop: of links in mails, of the `iss` of session tokens, and of pages that may use cookies; with https, cookies are `Secure`',
    },
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    z
      .string()
      .refine((list) => trustedProxiesOf(list) !== undefined)
      .transform((list) => trustedProxiesOf(list) ?? []),
    'comma-separated IP addresses and networks such as 10.0.0.0/8',
    {
      otherwise: 'only the gateway, which the APIs know by a key',
      meaning: 'the proxies whose `X-Forwarded-For` names the client',
    },
  ),
  gatewayMetricsPort: port('GATEWAY_METRICS_PORT', '0', "port of the gateway's metrics"),
  commandUrl: apiUrl('COMMAND_URL', 'where the gateway reaches the command API', 'COMMAND_PORT'),
  queryUrl: apiUrl('QUERY_URL', 'where the gateway reaches the query API', 'QUERY_PORT'),
  projectionsPort: port('PROJECTIONS_PORT', '0', "port of the projections' health, metrics and change feed"),
  processManagersPort: port('PROCESS_MANAGERS_PORT', '0', "port of the process managers' health and metrics"),
  jwtSecret: setting(
    'JWT_SECRET',
    z.string().refine((secret) => Buffer.byteLength(secret) >= minSecretBytes),
    `at least ${minSecretBytes} bytes`,
    {
      otherwise: 'created and stored in DATA_DIR when all addresses are loopback; else required',
      meaning: 'the secret that signs tokens (HS256)',
    },
    (secret) => `a text of ${Buffer.byteLength(secret)} bytes`,
  ),
  masterKey: setting(
    'MASTER_KEY',
    z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/)
      .transform((text) => Buffer.from(text, 'base64')),
    `${masterKeyBytes} bytes in base64, such as those that "openssl rand -base64 ${masterKeyBytes}" prints`,
    {
      otherwise: 'created and stored in DATA_DIR when all addresses are loopback; else required',
      meaning:
        'the key that encrypts the keys in the key store; without it, no personal data can be read again',
    },
    (key) => `a text of ${Buffer.byteLength(key)} bytes`,
  ),
  tokenIssuer: setting('TOKEN_ISSUER', z.string().regex(visible), 'up to 255 visible ASCII characters', {
    otherwise: 'tokens of any issuer are accepted',
    meaning: 'the required `iss` of tokens; `orderstream token` sets it',
  }),
  tokenAudience: setting('TOKEN_AUDIENCE', z.string().regex(visible), 'up to 255 visible ASCII characters', {
    otherwise: 'a token with an audience is rejected',
    meaning: 'the required `aud` of tokens; `orderstream token` sets it',
  }),
  corsOrigins: {
    ...setting(
      'CORS_ORIGINS',
      z
        .string()
        .refine((list) => corsOriginsOf(list) !== undefined)
        .transform((list) => corsOriginsOf(list) ?? []),
      'comma-separated origins as browsers send them, such as https://shop.example or http://localhost:5173',
      {
        otherwise: 'none',
        meaning: 'the origins whose pages may call both APIs, with the token in a header',
      },
    ),
    why: describeBadOrigin,
  },
  imageOrigins: {
    ...setting(
      'IMAGE_ORIGINS',
      z
        .string()
        .refine((list) => imageOriginsOf(list) !== undefined)
        .transform((list) => imageOriginsOf(list) ?? []),
      'comma-separated https origins, such as https://images.example',
      { otherwise: 'none', meaning: 'the origins that pictures of products may be loaded from' },
    ),
    why: describeBadOrigin,
  },
  publicCatalogue: oneOf('PUBLIC_CATALOGUE', ['true', 'false'], {
    fallback: 'true',
    meaning: 'whether the query API shows products to clients without a token',
  }),
  accessLog: oneOf('ACCESS_LOG', ['on', 'off'], {
    otherwise: 'on, unless standard output is a terminal',
    meaning:
      'whether each request is logged at level info, with its route, status, duration, request id and role',
  }),
  logLevel: oneOf('LOG_LEVEL', logLevels, { fallback: 'info', meaning: 'the minimum log level' }),
  paymentProvider: oneOf('PAYMENT_PROVIDER', ['simulated'], {
    fallback: 'simulated',
    meaning: 'the payment provider; `simulated` decides by the payment token',
  }),
  carrier: oneOf('CARRIER', ['auto', 'manual'], {
    fallback: 'auto',
    meaning: 'the carrier; `auto` dispatches automatically, `manual` waits for an operator',
  }),
  accountConfirmation: oneOf('ACCOUNT_CONFIRMATION', ['on', 'off'], {
    otherwise: 'off while SMTP_URL is absent and all addresses are loopback, else on',
    meaning:
      'whether an account can be used only after its owner has opened the mailed link; `off` is allowed only while all addresses are loopback',
  }),
  smtpUrl: {
    ...setting(
      'SMTP_URL',
      z.string().refine((url) => describeBadSmtpUrl(url) === undefined),
      'smtp://host:port or smtps://host:port, with user:password@ before the host; options: tls=required, optional or off (smtp: by default required, unless the host is this machine), and tlsCAFile=path',
      {
        otherwise: 'mails are files in DATA_DIR/outbox',
        meaning: 'the mail server that sends the mails to account holders',
      },
      redactUrl,
    ),
    why: describeBadSmtpUrl,
  },
  mailFrom: setting(
    'MAIL_FROM',
    z
      .string()
      .refine((text) => parseMailFrom(text) !== undefined)
      .transform((text) => parseMailFrom(text) ?? { address: text }),
    'a mail address, or a name and the address in angle brackets',
    { fallback: 'orderstream@localhost', meaning: 'the sender of mails' },
  ),
  rateLimitRequests: wholeNumber('RATE_LIMIT_REQUESTS', 0, 1_000_000_000, {
    fallback: '0',
    meaning: 'maximum number of requests of one caller to one API in RATE_LIMIT_SECONDS; 0 for no limit',
  }),
  rateLimitSeconds: wholeNumber('RATE_LIMIT_SECONDS', 1, 86_400, {
    fallback: '1',
    meaning: 'the period of RATE_LIMIT_REQUESTS, in seconds',
  }),
  gatewayRateLimitRequests: wholeNumber('GATEWAY_RATE_LIMIT_REQUESTS', 0, 1_000_000_000, {
    fallback: '300',
    meaning:
      'maximum number of requests of one account to the gateway in GATEWAY_RATE_LIMIT_SECONDS, and ten times as many of one address; 0 for no limit',
  }),
  gatewayRateLimitSeconds: wholeNumber('GATEWAY_RATE_LIMIT_SECONDS', 1, 86_400, {
    fallback: '10',
    meaning: 'the period of GATEWAY_RATE_LIMIT_REQUESTS, in seconds',
  }),
  signUpRateLimit: wholeNumber('SIGN_UP_RATE_LIMIT', 0, 1_000_000_000, {
    fallback: '60',
    meaning:
      'maximum number of sign-ups, and of requested password resets, from one source (an IPv4 address, or a network of IPv6 of 64 bits) in ten minutes; 0 for no limit',
  }),
  fulfilmentFirstDeadlineMs: milliseconds(
    'FULFILMENT_FIRST_DEADLINE_MS',
    '3000',
    'the first timeout of a payment, settlement, refund or recall; each further one is twice as long; all are shortened at random by up to a quarter',
  ),
  fulfilmentMaxDeadlineMs: milliseconds(
    'FULFILMENT_MAX_DEADLINE_MS',
    '60000',
    'the maximum of these timeouts',
  ),
  paymentGiveUpMs: milliseconds(
    'PAYMENT_GIVE_UP_MS',
    '20000',
    'how long a capture is retried before the provider is asked whether it charged',
  ),
  dispatchFirstDeadlineMs: milliseconds(
    'DISPATCH_FIRST_DEADLINE_MS',
    '5000',
    'the first timeout of a dispatch, after which the carrier is called again; each further one is twice as long; all are shortened at random by up to a quarter',
  ),
  dispatchMaxDeadlineMs: milliseconds('DISPATCH_MAX_DEADLINE_MS', '3600000', 'the maximum of these timeouts'),
} as const;
