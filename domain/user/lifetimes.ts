const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Lifetimes of links in milliseconds. ASVS 5.0, 6.5.5 allows ten minutes for a reset. */
export const CONFIRMATION_LIFETIME_MS = 24 * HOUR_MS;
export const RESET_LIFETIME_MS = 10 * MINUTE_MS;
export const FIRST_ADMIN_LIFETIME_MS = 24 * HOUR_MS;
/** The owner is told of sign-ups with their address at most once in this time. */
export const NOTICE_PAUSE_MS = 24 * HOUR_MS;

/** Returns the ISO 8601 time that is `ms` milliseconds after another. */
export const after = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

/** Returns those that have not expired. */
export const unexpired = <Pending extends { readonly expiresAt: string }>(
  pending: readonly Pending[],
  at: string,
): readonly Pending[] => pending.filter(({ expiresAt }) => Date.parse(expiresAt) > Date.parse(at));
