#!/usr/bin/env bash
# Fuzzes a running server from the OpenAPI document that it serves: valid and invalid requests to every operation. Each
# answer must have a documented status, problem and shape, and none may be a server error.
# tests/fuzz.sh [requests]; SEED=… repeats a run. Needs ../shared, node 20. Prints, last:
#   fuzz requests=… server_errors=0 seed=…
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
requests=${1:-20000}
seed=${SEED:-$RANDOM}
work=$(mktemp -d)
trap 'stop_server; rm -rf "$work"' EXIT

[ -d tests/fuzz/node_modules ] || npm --prefix tests/fuzz ci >&2 || exit 1
[ "${PUBLISHED:-0}" = 1 ] || publish_server || exit 1
start_server "$work" Serilog__MinimumLevel__Default=Warning Enrolment__MaxPictureBytes=200000 || exit 1
rm -rf artifacts/fuzz
FACESEARCH_KEY=$server_key node tests/fuzz/fuzz.mjs "$server_url" "$requests" "$seed" artifacts/fuzz | tee "$work/fuzz.log"
result=${PIPESTATUS[0]}

# Requests whose client disconnected must not have failed either.
if grep -E 'internal-error|\[FTL\]|Unhandled' "$work/server.log" | sed 's/^\[[0-9:]* //' | sort | uniq -c | head -20 | grep .; then
  mkdir -p artifacts/fuzz && cp "$work/server.log" artifacts/fuzz/
  echo "the server logged errors, see artifacts/fuzz/server.log"
  tail -1 "$work/fuzz.log"
  exit 1
fi
exit "$result"
