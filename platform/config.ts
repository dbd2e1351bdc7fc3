import type { KeyObject } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { hostsOf, isLoopback } from './addresses.ts';
import type { RateLimitOptions } from './http/rate-limit.ts';
import { secretKey } from './http/tokens.ts';
import { keptSecret } from './kept-secret.ts';
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
  readonly logLevel: Given<'logLevel'>;
  readonly paymentProvider: Given<'paymentProvider'>;
  readonly carrier: Given<'carrier'>;
  /** Undefined when requests are not limited. */
  readonly rateLimit: RateLimitOptions | undefined;
  /** How long the process manager waits for others, in milliseconds. */
  readonly fulfilment: {
    readonly firstDeadlineMs: number;
    readonly maxDeadlineMs: number;
    readonly paymentGiveUpMs: number;
    readonly firstDispatchMs: number;
    readonly maxDispatchMs: number;
  };
}

/** A variable that cannot be used; `value` as it may be shown. */
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

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration that the environment gives; an empty variable counts as absent. Without `JWT_SECRET` it makes one in
 * `DATA_DIR` or takes the one there. Throws `ConfigError` at the first variable that cannot be used.
 */
export function readConfig(env: Environment): Config {
  const value = <Schema extends z.ZodType>(setting: Setting<Schema>) => read(setting, env);
  const dataDir = resolve(value(settings.dataDir));
  const readStoreUrl = optional(settings.readStoreUrl, env) ?? `sqlite:${join(dataDir, 'read-store')}`;
  const where = { eventStoreUrl: value(settings.eventStoreUrl), readStoreUrl, host: value(settings.host) };
  const requests = value(settings.rateLimitRequests);
  const perSeconds = value(settings.rateLimitSeconds);
  const fulfilment = {
    firstDeadlineMs: value(settings.fulfilmentFirstDeadlineMs),
    maxDeadlineMs: value(settings.fulfilmentMaxDeadlineMs),
    paymentGiveUpMs: value(settings.paymentGiveUpMs),
    firstDispatchMs: value(settings.dispatchFirstDeadlineMs),
    maxDispatchMs: value(settings.dispatchMaxDeadlineMs),
  };
  refuseShorter(
    settings.fulfilmentMaxDeadlineMs,
    fulfilment.maxDeadlineMs,
    settings.fulfilmentFirstDeadlineMs,
    fulfilment.firstDeadlineMs,
  );
  refuseShorter(
    settings.dispatchMaxDeadlineMs,
    fulfilment.maxDispatchMs,
    settings.dispatchFirstDeadlineMs,
    fulfilment.firstDispatchMs,
  );
  return {
    ...where,
    dataDir,
    commandPort: value(settings.commandPort),
    queryPort: value(settings.queryPort),
    projectionsPort: value(settings.projectionsPort),
    processManagersPort: value(settings.processManagersPort),
    tokenIssuer: optional(settings.tokenIssuer, env),
    tokenAudience: optional(settings.tokenAudience, env),
    logLevel: value(settings.logLevel),
    paymentProvider: value(settings.paymentProvider),
    carrier: value(settings.carrier),
    rateLimit: requests === 0 ? undefined : { requests, perSeconds },
    fulfilment,
    // Last: a file is made only when all the rest can be used.
    secret: secretKey(optional(settings.jwtSecret, env) ?? secretOfThisMachine(dataDir, where)),
  };
}

function optional<Schema extends z.ZodType>(
  { name, schema, allowed, shown, why }: Setting<Schema>,
  env: Environment,
): z.output<Schema> | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const parsed = schema.safeParse(text);
  if (!parsed.success) {
    const reason = why?.(text);
    throw new ConfigError(
      name,
      quoted(shown(text)),
      reason === undefined ? allowed : `${allowed}; ${reason}`,
    );
  }
  return parsed.data;
}

function read<Schema extends z.ZodType>(setting: Setting<Schema>, env: Environment): z.output<Schema> {
  const given = optional(setting, env);
  return given ?? setting.schema.parse(setting.fallback);
}

/** A secret that nobody chose serves one machine only: elsewhere nobody would know it. */
function secretOfThisMachine(
  dataDir: string,
  { host, eventStoreUrl, readStoreUrl }: Pick<Config, 'host' | 'eventStoreUrl' | 'readStoreUrl'>,
): string {
  const { name, allowed } = settings.jwtSecret;
  const elsewhere = [host, ...hostsOf(eventStoreUrl), ...hostsOf(readStoreUrl)].find(
    (one) => !isLoopback(one),
  );
  if (elsewhere !== undefined)
    throw new ConfigError(
      name,
      'absent',
      `${allowed}, since ${elsewhere} is not an address of this machine alone`,
    );
  const secret = keptSecret(dataDir);
  if (Buffer.byteLength(secret) < minSecretBytes)
    throw new ConfigError(name, `kept in ${join(dataDir, 'jwt-secret')}, too short`, allowed);
  return secret;
}

function refuseShorter(longest: Setting, longestMs: number, first: Setting, firstMs: number): void {
  if (longestMs < firstMs)
    throw new ConfigError(
      longest.name,
      quoted(String(longestMs)),
      `at least ${first.name}, which is ${firstMs}`,
    );
}

const quoted = (text: string) => JSON.stringify(text);
