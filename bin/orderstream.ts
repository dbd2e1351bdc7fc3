#!/usr/bin/env -S node --max-semi-space-size=32 --min-semi-space-size=32
// Room for 32 MiB of young objects: at 64 requests in flight with V8's own 16, many of them are copied twice before they die.
import './start/processes/early-stop.ts';

// Imported after the signal handlers are set: the import takes a while.
await import('./program.ts');
