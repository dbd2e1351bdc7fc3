// Loaded before process managers (`node --import`): to ask the carrier for a dispatch ends the process, a moment later, when
// the delivery that led to it was acknowledged: only deadlines come back to it.
import { autoCarrier } from '../../../dist/write-side/adapters/carrier.js';

autoCarrier.dispatch = () =>
  new Promise(() => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300);
  });
