const DAY_MS = 24 * 3600 * 1000;

/** A session ends when it was not refreshed for 30 days, and 90 days after the log-in (ASVS 5.0, 7.3.1 and 7.3.2). */
export const IDLE_LIFETIME_MS = 30 * DAY_MS;
export const ABSOLUTE_LIFETIME_MS = 90 * DAY_MS;

/** For this long, a used refresh token still gets its successor: several tabs of a browser refresh at the same time. */
export const REUSE_WITHIN_MS = 10_000;
