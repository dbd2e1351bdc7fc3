import type { CommandRoute } from '../command-services.ts';
import { adjustStock } from './adjust-stock.ts';
import { changeItem } from './change-item.ts';
import { createItem } from './create-item.ts';
import { receiveStock } from './receive-stock.ts';
import { restoreItem, retireItem } from './retire-item.ts';

export const itemRoutes: readonly CommandRoute[] = [
  createItem,
  changeItem,
  retireItem,
  restoreItem,
  receiveStock,
  adjustStock,
];
