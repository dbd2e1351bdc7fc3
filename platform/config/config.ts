import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { whyNotCreatable } from '../files/why-not-creatable.ts';
import { secretKey } from '../http/tokens/secret-key.ts';
import { hostsOf, httpUrl, isLoopback } from './addresses.ts';
import { ConfigError, ConfigErrors } from './config-error.ts';
import { jwtSecret, masterKey, pathOf, readOrCreateSecret } from './secret-file.ts';
import { minSecretBytes, type Setting, settings } from './settings.ts';

type Settings = typeof settings;
type SettingName = keyof Settings;
type Output<S extends Setting> = z.output<S['schema']> | (S extends { fallback: string } ? never : undefined);
/** Value of each setting: the given one or the default; undefined when it is absent and has no default. */
type Values = { readonly [Name in SettingName]: Output<Settings[Name]> };

/** The configuration of a process: the values of `settings`, some of them grouped. */
export interface Config extends ConfigWithoutSecrets {
  /** Signs the tokens of machines. */
  readonly secret: KeyObject;
  /** Encrypts the keys in the key store; undefined in a process that does not open it. */
  readonly masterKey: KeyObject | undefined;
}
export type ConfigWithoutSecrets = ReturnType<typeof configFrom>;

/** Secrets that can be kept in `DATA_DIR`. */
const KEPT = { jwtSecret, masterKey } as const;
type SecretName = keyof typeof KEPT;

type Environment = Readonly<Record<string, string | undefined>>;

interface ReadConfigOptions {
  /** Further check of the configuration. Returns an error for each bad value. */
  readonly check?: (config: ConfigWithoutSecrets) => readonly ConfigError[];
  /** Secrets of this process; a missing one is created and kept in `DATA_DIR`. Default: the secret of tokens. */
  readonly needs?: readonly SecretName[];
  /** Returns the paths in `DATA_DIR` that the caller creates when they are missing. */
  readonly createdPaths?: (config: ConfigWithoutSecrets) => readonly string[];
}

/**
 * Reads the configuration from the environment; an empty variable counts as absent. Reads or creates absent secrets in
 * `DATA_DIR`. Throws `ConfigError` for a bad value, `ConfigErrors` for several.
 */
export function readConfig(
  env: Environment,
  { check = () => [], needs = ['jwtSecret'], createdPaths = () => [] }: ReadConfigOptions = {},
): Config {
  const { values, errors } = readSettings(env);
  const config = configFrom(values);
  errors.push(...badConfirmation(values, config), ...check(config));
  const kept = needs.filter((name) => values[name] === undefined && !isBad(errors, name));
  const unsafe = kept.flatMap((name) => missingSecret(name, config));
  const files = unsafe.length === 0 ? kept.map((name) => pathOf(KEPT[name], config.dataDir)) : [];
  errors.push(...unsafe, ...unusableFolder(config.dataDir, [...files, ...createdPaths(config)]));
  const [first, ...more] = errors;
  if (first !== undefined) throw more.length === 0 ? first : new ConfigErrors(errors);
  // Last: the files of secrets are created only when every value is good.
  const keptSecret = (name: SecretName) =>
    needs.includes(name) ? localSecret(name, config.dataDir) : undefined;
  const master = values.masterKey ?? keptSecret('masterKey');
  return {
    ...config,
    secret: secretKey(values.jwtSecret ?? keptSecret('jwtSecret') ?? randomSecret()),
    masterKey:
      typeof master === 'string' ? createSecretKey(master, 'base64') : master && createSecretKey(master),
  };
}

/** Reads every setting. A bad value is replaced by the default, so that the other values can be checked too. */
function readSettings(env: Environment): { readonly values: Values; readonly errors: ConfigError[] } {
  const errors: ConfigError[] = [];
  const read = (setting: Setting): unknown => {
    const { name, schema, allowed, shown, why, fallback } = setting;
    const text = env[name] || fallback;
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    const reason = why?.(text);
    errors.push(new ConfigError(name, quoted(shown(text)), reason ? `${allowed}; ${reason}` : allowed));
    return fallback && schema.parse(fallback);
  };
  const values = Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, read(setting)]),
  ) as Values;
  for (const [first, maximum] of FIRST_AND_MAXIMUM)
    if (values[maximum] < values[first] && !isBad(errors, first) && !isBad(errors, maximum)) {
      const allowed = `at least ${settings[first].name}, which is ${values[first]}`;
      errors.push(new ConfigError(settings[maximum].name, quoted(String(values[maximum])), allowed));
    }
  return { values, errors };
}

/** Timeouts that grow from the first to the maximum. */
const FIRST_AND_MAXIMUM = [
  ['fulfilmentFirstDeadlineMs', 'fulfilmentMaxDeadlineMs'],
  ['dispatchFirstDeadlineMs', 'dispatchMaxDeadlineMs'],
] as const satisfies (readonly SettingName[])[];

const isBad = (errors: readonly ConfigError[], setting: SettingName): boolean =>
  errors.some((error) => error.setting === settings[setting].name);

/** Groups the values. Secrets stay apart: they must not be logged with the configuration. */
function configFrom({
  jwtSecret: _jwtSecret,
  masterKey: _masterKey,
  rateLimitRequests: requests,
  rateLimitSeconds: perSeconds,
  gatewayRateLimitRequests,
  gatewayRateLimitSeconds,
  fulfilmentFirstDeadlineMs: firstDeadlineMs,
  fulfilmentMaxDeadlineMs: maxDeadlineMs,
  paymentGiveUpMs,
  dispatchFirstDeadlineMs: firstDispatchMs,
  dispatchMaxDeadlineMs: maxDispatchMs,
  ...values
}: Values) {
  const dataDir = resolve(values.dataDir);
  const addresses = {
    host: values.host,
    eventStoreUrl: values.eventStoreUrl,
    readStoreUrl: values.readStoreUrl ?? defaultReadStore(dataDir),
    keyStoreUrl: values.keyStoreUrl ?? defaultKeyStore(dataDir),
    publicUrl: values.publicUrl ?? `http://127.0.0.1:${values.gatewayPort}`,
    commandUrl: values.commandUrl ?? localApi(values.host, values.commandPort),
    queryUrl: values.queryUrl ?? localApi(values.host, values.queryPort),
  };
  const isPrivate = values.smtpUrl === undefined && publicHostIn(addresses) === undefined;
  return {
    ...values,
    ...addresses,
    /** Absolute. */
    dataDir,
    corsOrigins: values.corsOrigins ?? [],
    trustedProxies: values.trustedProxies ?? [],
    imageOrigins: values.imageOrigins ?? [],
    /** Whether an account can be used only once its address is confirmed. */
    accountConfirmation: (values.accountConfirmation ?? (isPrivate ? 'off' : 'on')) === 'on',
    publicCatalogue: values.publicCatalogue === 'true',
    /** Undefined when requests are not limited. */
    rateLimit: requests === 0 ? undefined : { requests, perSeconds },
    /** Of one account at the gateway; undefined when requests are not limited there. */
    gatewayRateLimit:
      gatewayRateLimitRequests === 0
        ? undefined
        : { requests: gatewayRateLimitRequests, perSeconds: gatewayRateLimitSeconds },
    /** Timeouts of the process manager in milliseconds. */
    fulfilment: { firstDeadlineMs, maxDeadlineMs, paymentGiveUpMs, firstDispatchMs, maxDispatchMs },
  } as const;
}

/** Returns the address of an API on this machine. A server that listens on all addresses is reached on loopback. */
function localApi(host: string, port: number): URL {
  const url = httpUrl({ '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host, port);
  // No server can listen on a host that is no part of a URL: its start says so.
  return new URL(URL.canParse(url) ? url : httpUrl('127.0.0.1', port));
}

/** Returns the default `READ_STORE_URL`. */
export const defaultReadStore = (dataDir: string): string => `sqlite:${join(dataDir, 'read-store')}`;

/** Returns the default `KEY_STORE_URL`. */
export const defaultKeyStore = (dataDir: string): string => `sqlite:${join(dataDir, 'key-store')}`;

/** A created secret is known on this machine only, so every address must be of this machine. */
function missingSecret(secret: SecretName, config: ConfigWithoutSecrets): readonly ConfigError[] {
  const { name, allowed } = settings[secret];
  const elsewhere = foreignHostIn(config);
  const reason = `${allowed}, since ${elsewhere} is not an address of this machine alone`;
  return elsewhere === undefined ? [] : [new ConfigError(name, 'absent', reason)];
}

/** Without confirmation, anybody who can reach the shop can sign up with the address of another person. */
function badConfirmation(
  { accountConfirmation }: Pick<Values, 'accountConfirmation'>,
  config: ConfigWithoutSecrets,
): readonly ConfigError[] {
  const elsewhere = publicHostIn(config);
  if (accountConfirmation !== 'off' || elsewhere === undefined) return [];
  const reason = `on, since ${elsewhere} is not an address of this machine alone`;
  return [new ConfigError(settings.accountConfirmation.name, '"off"', reason)];
}

interface AddressSettings {
  readonly host: string;
  readonly eventStoreUrl: string;
  readonly readStoreUrl: string;
  readonly keyStoreUrl: string;
  readonly commandUrl: URL;
  readonly queryUrl: URL;
}

/** Returns a configured host that other machines can reach; undefined when there is none. */
function foreignHostIn(config: AddressSettings): string | undefined {
  const { host, eventStoreUrl, readStoreUrl, keyStoreUrl, commandUrl, queryUrl } = config;
  const urls = [eventStoreUrl, readStoreUrl, keyStoreUrl, commandUrl.href, queryUrl.href];
  return [host, ...urls.flatMap(hostsOf)].find((one) => !isLoopback(one));
}

/** Also the host of `PUBLIC_URL`, behind which a proxy may stand. */
const publicHostIn = ({ publicUrl, ...config }: AddressSettings & { readonly publicUrl: string }) =>
  foreignHostIn(config) ?? hostsOf(publicUrl).find((one) => !isLoopback(one));

/** Returns an error of `DATA_DIR` when one of these paths cannot be created in it. */
function unusableFolder(dataDir: string, paths: readonly string[]): readonly ConfigError[] {
  const [reason] = paths.map(whyNotCreatable).filter((why) => why !== undefined);
  return reason === undefined ? [] : [badFolder(dataDir, reason)];
}

const badFolder = (dataDir: string, reason: string) =>
  new ConfigError(settings.dataDir.name, quoted(dataDir), `${settings.dataDir.allowed}; ${reason}`);

function localSecret(name: SecretName, dataDir: string): string {
  try {
    return readOrCreateSecret(KEPT[name], dataDir);
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? badFolder(dataDir, error.message) : error;
  }
}

/** For a process that neither creates nor verifies tokens. */
const randomSecret = () => randomBytes(minSecretBytes).toString('hex');

const quoted = (text: string) => JSON.stringify(text);
