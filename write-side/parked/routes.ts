import type { CommandRoute } from '../command-services.ts';
import { cancelReplay } from './cancel-replay.ts';
import { discardItem } from './discard-item.ts';
import { listParkedItems, showParkedItem } from './list-items.ts';
import { replayItem } from './replay-item.ts';
import { replayItems } from './replay-items.ts';

export const parkedRoutes: readonly CommandRoute[] = [
  listParkedItems,
  showParkedItem,
  replayItems,
  replayItem,
  cancelReplay,
  discardItem,
];
