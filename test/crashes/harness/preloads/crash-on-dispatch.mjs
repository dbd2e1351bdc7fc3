// Loaded before process managers (`node --import`): each call of the carrier's dispatch ends the process, a moment later, when
// the delivery that led to it was acknowledged. So only deadlines repeat the call.
import { register } from 'node:module';

const LETHAL = `
  const carrierOf = autoCarrier;
  const lethal = () => new Promise(() => { setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300); });
  const lethalCarrier = (options) => ({ ...carrierOf(options), dispatch: lethal });
  export { lethalCarrier as autoCarrier };
`;

const HOOKS = `
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    if (!url.endsWith('/integrations/carrier/carrier.js')) return loaded;
    const source = String(loaded.source).replace('export function autoCarrier', 'function autoCarrier');
    return { ...loaded, source: source + ${JSON.stringify(LETHAL)} };
  }
`;

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
