#!/usr/bin/env bash
# 100,000 faces on SQLite (real embeddings, repeated with noise): the loading of the index in rows per second.
# bench/sqlite.sh [faces]; needs ../shared. Prints, last: sqlite faces=… load_rows_per_s=…
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
faces=${1:-100000}
work=$(mktemp -d)
trap 'stop_server; rm -rf "$work"' EXIT

publish_server
(cd ../shared/faces && zip -q -r -0 "$work/lfw.zip" lfw)
start() { start_server "$work/server" Serilog__MinimumLevel__Default=Information; }
ms() { echo $((($(date +%s%N) - $1) / 1000000)); }

start
curl -fs -o "$work/answer" -H "X-Api-Key: $server_key" -F "file=@$work/lfw.zip" "$server_url/add_faces_in_bulk/"
stop_server
began=$(date +%s%N); start; few_ms=$(ms "$began"); stop_server

rows=$(/usr/bin/python3 bench/grow_sqlite.py "$work/server/data/facesearch.db" "$faces")

began=$(date +%s%N); start; many_ms=$(ms "$began"); stop_server
began=$(date +%s%N); start; again_ms=$(ms "$began")
echo "start to ready: $few_ms ms with a few faces, $many_ms ms with $rows from the database, $again_ms ms from the snapshot; load $(cut -d' ' -f1 /proc/loadavg)"
echo "sqlite faces=$rows load_rows_per_s=$(((rows - 372) * 1000 / (many_ms > few_ms ? many_ms - few_ms : 1)))"
