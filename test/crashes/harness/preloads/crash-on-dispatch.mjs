// Loaded with `node --import` before process managers. Each dispatch by the carrier kills the process 300 ms later: the
// event that caused it is acknowledged by then, so only the timeout of the process manager repeats the call.
import { register } from 'node:module';

const CRASHING_CARRIER = `
  const originalCarrier = autoCarrier;
  const crash = () => new Promise(() => { setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300); });
  const crashingCarrier = (options) => ({ ...originalCarrier(options), dispatch: crash });
  export { crashingCarrier as autoCarrier };
`;

const HOOKS = `
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    if (!url.endsWith('/integrations/carrier/carrier.js')) return loaded;
    const source = String(loaded.source).replace('export function autoCarrier', 'function autoCarrier');
    return { ...loaded, source: source + ${JSON.stringify(CRASHING_CARRIER)} };
  }
`;

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
