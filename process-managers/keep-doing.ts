import { pause } from '../platform/async/backoff.ts';

/**
 * Does something over and over: again at once when it answered `true`, after `everyMs` otherwise, until stopped. What
 * it throws goes to `onError`, and counts as nothing done.
 */
export function keepDoing(
  everyMs: number,
  once: () => Promise<boolean>,
  onError: (error: unknown) => void,
): { readonly stop: () => Promise<void> } {
  const aborter = new AbortController();
  const { signal } = aborter;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const more = await once().catch((error: unknown) => {
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
