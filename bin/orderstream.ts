#!/usr/bin/env -S node --max-semi-space-size=32 --min-semi-space-size=32
// 32 MiB of space for young objects: with the default of 16 MiB and 64 requests in flight, many are copied twice.
import './start/processes/early-stop.ts';

// Imported after the signal handlers are set: the import takes a while.
await import('./program.ts');
