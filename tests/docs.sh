#!/usr/bin/env bash
# Runs every call of docs/api.md unchanged against a published server, and checks that no operation of
# docs/openapi.json is missing. Needs ../shared. Ends with 'N passed, N failed'.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
root=$(pwd) faces=$(cd ../shared/faces && pwd)
work=$(mktemp -d)
trap 'stop_server; rm -rf "$work"' EXIT

[ "${PUBLISHED:-0}" = 1 ] || publish_server || exit 1
start_server "$work/server" || exit 1

mkdir "$work/blocks" "$work/here"
for number in 1 2 3; do cp "$faces/lfw/Halle_Berry/Halle_Berry_000$number.jpg" "$work/here/ada_$number.jpg"; done
for number in 1 2; do cp "$faces/lfw/Tony_Shalhoub/Tony_Shalhoub_000$number.jpg" "$work/here/bob_$number.jpg"; done
cp "$faces/group/ultra_2.jpg" "$work/here/group.jpg"

# One file per block, with the expected status: '<!-- expect 404 -->' before it, else any success.
awk -v folder="$work/blocks" '
  /^<!-- expect [0-9]+/ { expected = $3 + 0 }
  /^```sh$/ { file = sprintf("%s/%03d", folder, ++count); print "expected=" (expected ? expected : "2..") > file; print "line=" NR > file; inside = 1; next }
  /^```$/ && inside { close(file); inside = 0; expected = "" }
  inside { print > file }' docs/api.md

# Each curl of the page is one check. It may run in a pipeline, so its result goes to a file.
curl() {
  local status args=() file=
  while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then file=$2; shift 2; else args+=("$1"); shift; fi
  done
  status=$(command curl -sS -o "$work/body" -w '%{method} %{url_effective} %{http_code}' "${args[@]}" 2>"$work/error")
  if [ $? -eq 0 ] && [[ ${status##* } =~ ^$expected$ ]]; then echo "ok   $line $status" >>"$work/log";
  else echo "FAIL $line $status $(cat "$work/error" "$work/body" | head -c 400 | tr '\n' ' ')" >>"$work/log"; fi
  if [ -n "$file" ]; then cp "$work/body" "$file"; else cat "$work/body"; fi
}

export SERVER=$server_url KEY=$server_key
cd "$work/here"
for block in "$work"/blocks/*; do . "$block" >/dev/null; done
cd "$root"
grep -v '^ok' "$work/log"

# Every operation of the document must have been called: its path with any value for the braces.
missing=0
while read -r method path; do
  pattern=$(sed -E 's/\{[^}]*\}/[^\/?]+/g' <<<"$path")
  grep -qE "^(ok|FAIL) +[0-9]+ $method http://[^/]*$pattern/?(\?[^ ]*)? [0-9]+" "$work/log" || { echo "FAIL docs/api.md does not call $method $path"; missing=$((missing + 1)); }
done < <(jq -r '.paths | to_entries[] | .key as $path | .value | keys[] | "\(ascii_upcase) \($path)"' docs/openapi.json)

echo "$(grep -c '^ok' "$work/log") passed, $(($(grep -c '^FAIL' "$work/log") + missing)) failed"
[ "$(grep -c '^FAIL' "$work/log")" -eq 0 ] && [ "$missing" -eq 0 ]
