// Loaded with `node --import` before a process that calls the payment provider.
import { register } from 'node:module';

register('./payment-client-hooks.mjs', import.meta.url);
