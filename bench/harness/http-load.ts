import autocannon from 'autocannon';
import { quantile } from './paired-runs.ts';

/** A request that the load repeats. */
export interface LoadRequest {
  readonly path: string;
  readonly token: string;
}

export interface HttpLoad {
  readonly perSecond: number;
  readonly p99: number;
}

const CONNECTIONS = 32;

/** Sends these requests in turn on 32 connections. Throws when a response is not 200. */
export async function measureHttpLoad(
  url: string,
  requests: readonly LoadRequest[],
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
