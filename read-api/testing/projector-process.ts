// A projector in a process of its own; tells its parent what it has written and when, and ends with it.
import { startTimedProjector } from './timed-projector.ts';

const [eventStoreUrl = '', readStoreUrl = ''] = process.argv.slice(2);
const stop = await startTimedProjector(eventStoreUrl, readStoreUrl, (position, at) =>
  process.send?.({ position: position.toString(), at }),
);
process.once('disconnect', () => void stop().then(() => process.exit(0)));
