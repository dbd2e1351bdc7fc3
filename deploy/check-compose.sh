#!/usr/bin/env bash
# deploy/check-compose.sh FOLDER: checks that the compose tool accepts docker-compose.yml. Builds each version of the tool once
# from source, in FOLDER. Needs no Docker.
set -euo pipefail
VERSION=v2.40.3
COMPOSE="${1:?a folder for the compose tool}/compose-$VERSION/docker-compose"
cd "$(dirname "$0")/.."

if [ ! -x "$COMPOSE" ]; then
  # `go install` refuses to build it, since its go.mod excludes versions of other modules.
  go mod download "github.com/docker/compose/v2@$VERSION"
  SOURCE=$(mktemp -d)
  trap 'chmod -R u+w "$SOURCE"; rm -rf "$SOURCE"' EXIT
  cp -r "$(go env GOMODCACHE)/github.com/docker/compose/v2@$VERSION/." "$SOURCE"
  (cd "$SOURCE" && go build -trimpath -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$VERSION" -o docker-compose ./cmd)
  mkdir -p "$(dirname "$COMPOSE")"
  mv "$SOURCE/docker-compose" "$COMPOSE"
fi

# Without variables of this machine or of a .env file.
compose() { env -i PATH="$PATH" HOME="$HOME" "$@" "$COMPOSE" --env-file /dev/null config --quiet; }

SECRET=JWT_SECRET=a-secret-of-at-least-thirty-two-bytes
KEY=MASTER_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
compose "$SECRET" "$KEY"

# must_require VARIABLE OTHER: the file is refused without the variable, which has no default.
must_require() {
  if REFUSAL=$(compose "$2" 2>&1); then
    echo "docker-compose.yml is accepted without $1, which has no default"
    exit 1
  fi
  case $REFUSAL in
    *"required variable $1 is missing"*) ;;
    *) echo "$REFUSAL"; exit 1 ;;
  esac
}
must_require JWT_SECRET "$KEY"
must_require MASTER_KEY "$SECRET"
echo "docker-compose.yml is accepted by the compose tool $VERSION"
