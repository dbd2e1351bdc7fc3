import type { Backoff } from '../../platform/async/backoff.ts';
import { settlesWithin } from '../../platform/async/timeout.ts';
import type { EventStoreAddress } from '../../platform/config/event-store-url.ts';
import { limitWarnings } from '../../platform/logging/limit-warnings.ts';
import { EventStoreAccessDenied } from '../errors.ts';
import { type Logger, silent } from '../logger.ts';
import { isDenied, isUnauthenticated } from './failures.ts';
import { probeTransport, type TransportError } from './transport-probe.ts';

export type AccessErrorKind =
  | TransportError['kind']
  | 'credentials missing'
  | 'credentials not accepted'
  | 'access denied';

/** Milliseconds for which the result of a check is reused. */
const KEEP_MS = 1000;
/** Maximum wait for a check. A slower result serves the next failed call, so that a hanging server does not delay this one. */
const WAIT_MS = 200;
/** Backoff between two attempts at a server that denies access: an operator has to change something first. */
export const deniedBackoff: Backoff = { firstMs: 1000, maxMs: 5000 };

const WHY: Record<AccessErrorKind, { readonly health: string; readonly change: string }> = {
  'credentials missing': {
    health: 'the event store needs credentials',
    change: 'put user:password@ before the host in EVENTSTORE_URL',
  },
  'credentials not accepted': {
    health: 'the event store does not accept the credentials',
    change: 'change the user or the password in EVENTSTORE_URL',
  },
  'access denied': {
    health: 'the event store denies access',
    change: 'give this user the rights of the group $admins, or change the user in EVENTSTORE_URL',
  },
  'certificate not trusted': {
    health: 'the certificate of the event store is not trusted',
    change: 'name its CA with tlsCAFile in EVENTSTORE_URL, or with NODE_EXTRA_CA_CERTS',
  },
  'speaks no TLS': {
    health: 'the event store does not speak TLS, and the URL asks for TLS',
    change: 'add tls=false to EVENTSTORE_URL, or turn on TLS at the server',
  },
  'speaks TLS': {
    health: 'the event store speaks TLS, and the URL turns it off',
    change: 'leave tls=false out of EVENTSTORE_URL',
  },
};

/** Distinguishes a server that denies access from an unavailable one. */
export class AccessErrors {
  readonly #address: EventStoreAddress;
  #lastCheck: { until: number; readonly found: Promise<TransportError | undefined> } | undefined;

  readonly #logger: Logger;
  readonly #kept = new Map<string, EventStoreAccessDenied>();

  /** Logs each access error at most once in ten seconds. */
  constructor(address: EventStoreAddress, logger: Logger = silent) {
    this.#address = address;
    this.#logger = limitWarnings(logger);
  }

  /** Keeps the current access error of a consumer group; undefined when it has none any more. */
  keep(group: string, error: EventStoreAccessDenied | undefined): void {
    if (error === undefined) this.#kept.delete(group);
    else this.#kept.set(group, error);
  }

  /** Throws a kept access error, although other calls may succeed. */
  throwKept(): void {
    for (const error of this.#kept.values()) throw error;
  }

  /** Returns the access error that made a call fail; undefined when the server gives access, or is unavailable. */
  async causeOf(error: unknown): Promise<EventStoreAccessDenied | undefined> {
    if (isDenied(error)) return this.#error(this.#kindOfDenial(isUnauthenticated(error)), error);
    const check = this.#checkTransport();
    const found = (await settlesWithin(check, WAIT_MS)) ? await check : undefined;
    if (found === undefined) return undefined;
    return this.#error(found.kind, error, 'reason' in found ? found.reason : undefined);
  }

  /** Returns the access error of an append that the server denied. */
  denied(isUnauthenticated: boolean): EventStoreAccessDenied {
    return this.#error(this.#kindOfDenial(isUnauthenticated), undefined);
  }

  #kindOfDenial(isUnauthenticated: boolean): AccessErrorKind {
    const { credentials, tls } = this.#address;
    // The client sends credentials over TLS only.
    if (credentials === undefined || !tls) return 'credentials missing';
    return isUnauthenticated ? 'credentials not accepted' : 'access denied';
  }

  #checkTransport(): Promise<TransportError | undefined> {
    const now = performance.now();
    if (this.#lastCheck === undefined || now > this.#lastCheck.until) {
      const { hosts } = this.#address;
      const found = Promise.all(hosts.map((host) => probeTransport(host, this.#address)))
        .then((each) => each.find((one) => one !== undefined))
        .catch(() => undefined);
      // The result is reused until `KEEP_MS` after the end of the check.
      const check = { until: Number.POSITIVE_INFINITY, found };
      this.#lastCheck = check;
      void found.then(() => {
        check.until = performance.now() + KEEP_MS;
      });
    }
    return this.#lastCheck.found;
  }

  #error(kind: AccessErrorKind, cause: unknown, reason?: string): EventStoreAccessDenied {
    const { hosts, credentials, tls } = this.#address;
    const where = hosts.map(({ host, port }) => `${host}:${port}`).join(', ');
    const who = credentials === undefined ? 'without a user' : `as user ${JSON.stringify(credentials.user)}`;
    const { health, change } = WHY[kind];
    const isUnsent = kind === 'credentials missing' && credentials !== undefined && !tls;
    const denied = new EventStoreAccessDenied(
      `no access to the event store at ${where} ${who}: ` +
        (isUnsent
          ? 'it needs credentials, which are sent only over TLS: turn on TLS at the server and leave tls=false out of EVENTSTORE_URL'
          : `${health}${reason === undefined ? '' : ` (${reason})`}: ${change}`),
      health,
      cause,
    );
    this.#logger.warn(denied.message);
    return denied;
  }
}
