#!/usr/bin/env bash
# Builds the page, starts a real server with an empty database, and drives the page in a browser with real photographs.
# Screenshots are left in artifacts/web. Ends with 'N passed, N failed'. `web/test.sh NAME` runs the browser tests of a name.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh

shared=$(cd ../shared && pwd)
work=$(mktemp -d)
passed=0 failed=0
open_pid=
trap 'stop_server; server_pid=$open_pid stop_server; rm -rf "$work"' EXIT

check() { # check NAME COMMAND...
  local name=$1; shift
  if "$@" >"$work/log" 2>&1; then echo "ok   $name"; passed=$((passed + 1));
  else echo "FAIL $name"; tail -n 40 "$work/log"; failed=$((failed + 1)); fi
}
finish() { echo "$passed passed, $failed failed"; [ "$failed" -eq 0 ]; exit; }

# Counts come from vitest's report, so that no line of output is parsed.
suite() { # suite NAME [ARGUMENT ...]
  local report=$work/$1.json p f
  (cd web && npx vitest run --project "$@" --reporter=verbose --reporter=json --outputFile.json="$report" --no-color)
  read -r p f < <(jq -r '"\(.numPassedTests) \(.numFailedTests + ([.testResults[] | select(.status == "failed" and (.assertionResults | length) == 0)] | length))"' "$report")
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1}))
}

install_missing() {
  local missing=()
  for package in chromium jq zip curl; do
    command -v "$package" >/dev/null || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" fonts-dejavu-core
}

check "what the tests need is there" install_missing
[ web/node_modules/.package-lock.json -nt web/package-lock.json ] || check "install the packages" npm --prefix web ci
check "build the page" npm --prefix web run --silent build
check "types" npm --prefix web run --silent check
check "no circular imports" npm --prefix web run --silent imports
[ "$failed" -eq 0 ] || finish

suite unit
check "publish the server" publish_server
check "the server has this page" diff -r src/FaceSearch.Api/wwwroot artifacts/server/wwwroot
start_server "$work/open" ASPNETCORE_ENVIRONMENT=Development || { echo "FAIL starting a server in Development"; failed=$((failed + 1)); finish; }
export FACESEARCH_OPEN_URL=$server_url
open_pid=$server_pid
start_server "$work/server" || { echo "FAIL starting the server"; failed=$((failed + 1)); finish; }

export FACESEARCH_URL=$server_url FACESEARCH_KEY=$server_key FACESEARCH_FACES=$shared/faces FACESEARCH_WORK=$work
export FACESEARCH_SCREENSHOTS=$PWD/artifacts/web
rm -rf "$FACESEARCH_SCREENSHOTS" && mkdir -p "$FACESEARCH_SCREENSHOTS"
suite browser "$@"
check "the servers logged no error" sh -c '! grep -E "\[(ERR|FTL)\]" "$@"' sh "$work/server/server.log" "$work/open/server.log"
finish
