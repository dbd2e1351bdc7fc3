/** Maximum milliseconds between looks at the clock: it may be set, and a timer holds at most 2^31 ms. */
const LOOK_EVERY_MS = 30_000;

/** Calls `act` once the clock has reached `time` (ms since the epoch). Returns a function that cancels the call. */
export function atTime(time: number, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const left = time - Date.now();
    if (left <= 0) act();
    else timer = setTimeout(look, Math.min(left, LOOK_EVERY_MS)).unref();
  };
  look();
  return () => clearTimeout(timer);
}
