/** Maximum milliseconds between two looks at the clock: the clock may be set, and a timer holds at most 2^31 ms. */
const LOOK_EVERY_MS = 30_000;

/** Calls `call` once the clock has reached `time` (ms since the epoch). Returns a function that cancels the call. */
export function callAt(time: number, call: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const left = time - Date.now();
    if (left <= 0) call();
    else timer = setTimeout(look, Math.min(left, LOOK_EVERY_MS)).unref();
  };
  look();
  return () => clearTimeout(timer);
}
