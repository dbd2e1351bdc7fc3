import autocannon from 'autocannon';
import { quantile } from './paired-runs.ts';

/** A request again and again, among others. */
export interface Repeated {
  readonly path: string;
  readonly token: string;
}

export interface HttpLoad {
  readonly perSecond: number;
  readonly p99: number;
}

const CONNECTIONS = 32;

/** All of these requests in turn, on many connections at once. Throws when one is not answered 200. */
export async function httpLoad(
  url: string,
  requests: readonly Repeated[],
  seconds: number,
): Promise<HttpLoad> {
  const latencies: number[] = [];
  let failed = 0;
  const startedAt = performance.now();
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      {
        url,
        connections: CONNECTIONS,
        duration: seconds,
        requests: requests.map(({ path, token }) => ({
          path,
          headers: { authorization: `Bearer ${token}` },
        })),
      },
      (error: unknown, result) => (error ? reject(error) : resolve(result)),
    );
    running.on('response', (_client, status, _bytes, took) => {
      if (status === 200) latencies.push(took);
      else failed += 1;
    });
  });
  if (failed + errors > 0)
    throw new Error(`${failed + errors} of ${latencies.length} requests failed at ${url}`);
  return {
    perSecond: latencies.length / ((performance.now() - startedAt) / 1_000),
    p99: quantile(latencies, 0.99),
  };
}
