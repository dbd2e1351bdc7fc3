export { pause as wait } from '../../platform/async/backoff.ts';
