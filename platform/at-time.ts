/** The clock is looked at so often, in ms: it may be set, and one timer runs for 2^31 ms at most. */
const LOOK_EVERY_MS = 30_000;

/** Calls `act` once the clock has reached `time` (ms since the epoch). Returns what calls that off. */
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
