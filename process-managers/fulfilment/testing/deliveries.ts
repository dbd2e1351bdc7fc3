import type { ProcessManager } from '../../engine/create-process-manager.ts';
import { ORDER, type Shop } from './shop.ts';

/** Delivers only the last recorded event. */
export async function deliverLast(
  shop: Pick<Shop, 'events'>,
  process: Pick<ProcessManager, 'handle'>,
): Promise<void> {
  for (const recorded of (await shop.events()).slice(-1)) await process.handle(recorded);
}

/**
 * Delivers all events, waits for the calls, and delivers the events that follow until no new ones are recorded. Then lets
 * up to `timeouts` timeouts elapse, each in the same way.
 */
export async function runToRest(shop: Shop, process: ProcessManager, { timeouts = 0 } = {}): Promise<void> {
  const delivered = new Set<string>();
  for (let elapsed = 0; ; ) {
    const news = (await shop.events()).filter(({ id }) => !delivered.has(id));
    for (const recorded of news) {
      await process.handle(recorded);
      delivered.add(recorded.id);
    }
    await process.calls.idle();
    if (news.length > 0) continue;
    const timeoutId = elapsed < timeouts ? await shop.untilDue() : undefined;
    if (timeoutId === undefined) return;
    await process.timeoutElapsed(ORDER, timeoutId);
    await process.calls.idle();
    elapsed += 1;
  }
}

/** Delivers all recorded events of the order once, and none of the events that follow from them. */
export async function deliverAll(
  shop: Pick<Shop, 'events'>,
  process: Pick<ProcessManager, 'handle'>,
): Promise<void> {
  for (const recorded of await shop.events()) await process.handle(recorded);
}

/** Starts a process for which every command to one stream fails. */
export function cutOff(shop: Shop, stream: string, error: Error): ProcessManager {
  const handler = shop.ownHandler();
  return shop.startProcess({
    cachedState: handler.cachedState,
    handle: async (request) => {
      if (request.stream === stream) throw error;
      return handler.handle(request);
    },
  });
}
