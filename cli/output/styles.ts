import { styleText } from 'node:util';

export type Style = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'dim' | 'bold';

/** Returns a text in a style, if standard output is a terminal with colours and `NO_COLOR` is not set. */
export const styled = (style: Style | undefined, text: string): string =>
  style === undefined || text === '' ? text : styleText(style, text, { stream: process.stdout });

const STATUSES: Readonly<Record<string, Style>> = {
  placed: 'cyan',
  confirmed: 'blue',
  shipped: 'green',
  delivered: 'green',
  rejected: 'red',
  cancelled: 'yellow',
  requested: 'cyan',
  captured: 'green',
  declined: 'red',
  failed: 'red',
  refunded: 'yellow',
  dispatched: 'green',
  live: 'green',
  'catching-up': 'yellow',
  rebuilding: 'yellow',
  stopped: 'red',
  ready: 'green',
  'not ready': 'red',
  ok: 'green',
  parked: 'red',
  replaying: 'yellow',
  disabled: 'red',
};

/** Returns the style of a status of an order, payment, shipment, projection, role or parked item. */
export const statusStyle = (status: string): Style | undefined => STATUSES[status];
