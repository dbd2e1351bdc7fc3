#!/usr/bin/env bash
# Tests both APIs and the gateway against their OpenAPI documents. Each version of schemathesis is installed once, outside the checkout.
set -euo pipefail
cd "$(dirname "$0")/../.."
TOOLS="${CI_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/orderstream-ci}"
SCHEMATHESIS_VERSION=4.32.5

VENV="$TOOLS/schemathesis-$SCHEMATHESIS_VERSION"
if [ ! -x "$VENV/bin/schemathesis" ]; then
  # A failed installation is removed, so that the next run installs again.
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet "schemathesis==$SCHEMATHESIS_VERSION" || { rm -rf "$VENV"; exit 1; }
fi
SCHEMATHESIS="$VENV/bin/schemathesis" npx vitest run --config test/openapi/vitest.config.ts "$@"
