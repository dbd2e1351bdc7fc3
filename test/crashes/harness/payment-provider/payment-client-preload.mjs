// Loaded before a process that asks for money (`node --import`).
import { register } from 'node:module';

register('./payment-client-hooks.mjs', import.meta.url);
