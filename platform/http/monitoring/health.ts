/** Paths for monitoring; they need no token. */
export const monitoringPaths: readonly string[] = ['/health/live', '/health/ready', '/metrics'];

/** Whether the process can serve requests now. Each check is `ok`, or a sentence that says what is wrong. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** Returns ready when every check is `ok`. */
export const readyWhenOk = (checks: Readiness['checks']): Readiness => ({
  ready: Object.values(checks).every((check) => check === 'ok'),
  checks,
});
