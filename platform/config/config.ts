import { type KeyObject, randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { whyNotCreatable } from '../files/why-not-creatable.ts';
import type { RateLimitOptions } from '../http/limits/rate-limit.ts';
import { secretKey } from '../http/tokens/tokens.ts';
import { hostsOf, isLoopback } from './addresses.ts';
import { jwtSecretFile, readOrCreateJwtSecret, SecretExposed } from './jwt-secret-file.ts';
import { minSecretBytes, type Setting, settings } from './settings.ts';

type Given<Key extends keyof typeof settings> = z.output<(typeof settings)[Key]['schema']>;

export interface Config {
  readonly eventStoreUrl: string;
  readonly readStoreUrl: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly host: string;
  readonly commandPort: number;
  readonly queryPort: number;
  readonly projectionsPort: number;
  readonly processManagersPort: number;
  readonly secret: KeyObject;
  readonly tokenIssuer: string | undefined;
  readonly tokenAudience: string | undefined;
  readonly corsOrigins: readonly string[];
  /** Undefined when not configured: then requests are logged unless standard output is a terminal. */
  readonly accessLog: Given<'accessLog'> | undefined;
  readonly logLevel: Given<'logLevel'>;
  readonly paymentProvider: Given<'paymentProvider'>;
  readonly carrier: Given<'carrier'>;
  /** Undefined when requests are not limited. */
  readonly rateLimit: RateLimitOptions | undefined;
  /** Timeouts of the process manager in milliseconds. */
  readonly fulfilment: {
    readonly firstDeadlineMs: number;
    readonly maxDeadlineMs: number;
    readonly paymentGiveUpMs: number;
    readonly firstDispatchMs: number;
    readonly maxDispatchMs: number;
  };
}

/** A variable has a bad value; `value` is without secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly setting: string;
  readonly value: string;
  readonly allowed: string;

  constructor(setting: string, value: string, allowed: string) {
    super(`${setting} is ${value}; allowed: ${allowed}`);
    this.setting = setting;
    this.value = value;
    this.allowed = allowed;
  }
}

/** Several variables have bad values; the message has a line for each. */
export class ConfigErrors extends Error {
  override readonly name = 'ConfigErrors';
  readonly errors: readonly ConfigError[];

  constructor(errors: readonly ConfigError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A further check of the configuration by the caller. Returns an error for each bad value. */
export type ConfigCheck = (config: Omit<Config, 'secret'>) => readonly ConfigError[];

export interface ReadConfigOptions {
  readonly check?: ConfigCheck;
  /** Whether a missing secret is created and kept in `DATA_DIR`; default true. */
  readonly keepsSecret?: boolean;
  /** Returns the files and folders in `DATA_DIR` that the caller creates when they are missing. */
  readonly makes?: (config: Omit<Config, 'secret'>) => readonly string[];
}

/**
 * Reads the configuration from the environment; an empty variable counts as absent. Without `JWT_SECRET`, reads or creates the
 * secret in `DATA_DIR`. Throws `ConfigError` for a bad value, `ConfigErrors` for several.
 */
export function readConfig(
  env: Environment,
  { check = () => [], keepsSecret = true, makes = () => [] }: ReadConfigOptions = {},
): Config {
  const refused: ConfigError[] = [];
  const isRefused = ({ name }: Setting) => refused.some((error) => error.setting === name);
  const optional = <Schema extends z.ZodType>(setting: Setting<Schema>) => given(setting, env, refused);
  // A bad value is replaced by its default, so that the other values can be checked too.
  const value = <Schema extends z.ZodType>(setting: Setting<Schema>): z.output<Schema> =>
    optional(setting) ?? setting.schema.parse(setting.fallback);
  const mustNotBeShorter = (longest: Setting, longestMs: number, first: Setting, firstMs: number) => {
    if (longestMs >= firstMs || isRefused(longest) || isRefused(first)) return;
    const allowed = `at least ${first.name}, which is ${firstMs}`;
    refused.push(new ConfigError(longest.name, quoted(String(longestMs)), allowed));
  };

  const dataDir = resolve(value(settings.dataDir));
  const readStoreUrl = optional(settings.readStoreUrl) ?? defaultReadStore(dataDir);
  const requests = value(settings.rateLimitRequests);
  const perSeconds = value(settings.rateLimitSeconds);
  const fulfilment = {
    firstDeadlineMs: value(settings.fulfilmentFirstDeadlineMs),
    maxDeadlineMs: value(settings.fulfilmentMaxDeadlineMs),
    paymentGiveUpMs: value(settings.paymentGiveUpMs),
    firstDispatchMs: value(settings.dispatchFirstDeadlineMs),
    maxDispatchMs: value(settings.dispatchMaxDeadlineMs),
  };
  const config = {
    eventStoreUrl: value(settings.eventStoreUrl),
    readStoreUrl,
    host: value(settings.host),
    dataDir,
    commandPort: value(settings.commandPort),
    queryPort: value(settings.queryPort),
    projectionsPort: value(settings.projectionsPort),
    processManagersPort: value(settings.processManagersPort),
    tokenIssuer: optional(settings.tokenIssuer),
    tokenAudience: optional(settings.tokenAudience),
    corsOrigins: optional(settings.corsOrigins) ?? [],
    accessLog: optional(settings.accessLog),
    logLevel: value(settings.logLevel),
    paymentProvider: value(settings.paymentProvider),
    carrier: value(settings.carrier),
    rateLimit: requests === 0 ? undefined : { requests, perSeconds },
    fulfilment,
  };
  mustNotBeShorter(
    settings.fulfilmentMaxDeadlineMs,
    fulfilment.maxDeadlineMs,
    settings.fulfilmentFirstDeadlineMs,
    fulfilment.firstDeadlineMs,
  );
  mustNotBeShorter(
    settings.dispatchMaxDeadlineMs,
    fulfilment.maxDispatchMs,
    settings.dispatchFirstDeadlineMs,
    fulfilment.firstDispatchMs,
  );
  const secret = optional(settings.jwtSecret);
  refused.push(...check(config));
  const takesKept = secret === undefined && keepsSecret && !isRefused(settings.jwtSecret);
  const missing = takesKept ? missingSecret(config) : [];
  const files = takesKept && missing.length === 0 ? [jwtSecretFile(dataDir)] : [];
  refused.push(...missing, ...unusableFolder(dataDir, [...files, ...makes(config)]));
  const [first, ...more] = refused;
  if (first !== undefined) throw more.length === 0 ? first : new ConfigErrors(refused);
  // Last: the secret's file is created only when every value is good.
  return {
    ...config,
    secret: secretKey(secret ?? (keepsSecret ? localSecret(dataDir) : randomSecret())),
  };
}

/** Returns the default `READ_STORE_URL`. */
export const defaultReadStore = (dataDir: string): string => `sqlite:${join(dataDir, 'read-store')}`;

/** Returns the value of a variable; undefined when it is absent or bad. Adds an error to `refused` when it is bad. */
function given<Schema extends z.ZodType>(
  { name, schema, allowed, shown, why }: Setting<Schema>,
  env: Environment,
  refused: ConfigError[],
): z.output<Schema> | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const reason = why?.(text);
  const words = reason === undefined ? allowed : `${allowed}; ${reason}`;
  refused.push(new ConfigError(name, quoted(shown(text)), words));
  return undefined;
}

/** A created secret is known on this machine only, so every address must be of this machine. */
function missingSecret({
  host,
  eventStoreUrl,
  readStoreUrl,
}: Pick<Config, 'host' | 'eventStoreUrl' | 'readStoreUrl'>): readonly ConfigError[] {
  const { name, allowed } = settings.jwtSecret;
  const elsewhere = [host, ...hostsOf(eventStoreUrl), ...hostsOf(readStoreUrl)].find(
    (one) => !isLoopback(one),
  );
  const reason = `${allowed}, since ${elsewhere} is not an address of this machine alone`;
  return elsewhere === undefined ? [] : [new ConfigError(name, 'absent', reason)];
}

/** Returns an error of `DATA_DIR` when one of these paths cannot be created in it. */
function unusableFolder(dataDir: string, paths: readonly string[]): readonly ConfigError[] {
  const [reason] = paths.map(whyNotCreatable).filter((why) => why !== undefined);
  return reason === undefined ? [] : [badFolder(dataDir, reason)];
}

const badFolder = (dataDir: string, reason: string) =>
  new ConfigError(settings.dataDir.name, quoted(dataDir), `${settings.dataDir.allowed}; ${reason}`);

function localSecret(dataDir: string): string {
  const secret = secretKeptIn(dataDir);
  if (Buffer.byteLength(secret) >= minSecretBytes) return secret;
  const { name, allowed } = settings.jwtSecret;
  throw new ConfigError(name, `kept in ${jwtSecretFile(dataDir)}, too short`, allowed);
}

function secretKeptIn(dataDir: string): string {
  try {
    return readOrCreateJwtSecret(dataDir);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw badFolder(dataDir, error.message);
    if (!(error instanceof SecretExposed)) throw error;
    throw new ConfigError(
      settings.jwtSecret.name,
      `kept in ${error.file}, which other users than its owner may read (mode ${error.mode})`,
      `a file of mode 0600: chmod 600 ${error.file}`,
    );
  }
}

/** For a process that neither creates nor verifies tokens. */
const randomSecret = () => randomBytes(minSecretBytes).toString('hex');

const quoted = (text: string) => JSON.stringify(text);
