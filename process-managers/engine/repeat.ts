import { pause } from '../../platform/async/backoff.ts';

/**
 * Repeats work until stopped: at once when it returned `true`, else after `everyMs`. Its errors go to `onError`. `stop`
 * resolves when the last run has ended.
 */
export function repeat(
  everyMs: number,
  work: () => Promise<boolean>,
  onError: (error: unknown) => void,
): { readonly stop: () => Promise<void> } {
  const aborter = new AbortController();
  const { signal } = aborter;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const more = await work().catch((error: unknown) => {
        onError(error);
        return false;
      });
      if (!more) await pause(everyMs, signal);
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      aborter.abort();
      await ended;
    },
  };
}
