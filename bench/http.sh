#!/usr/bin/env bash
# Load on a published server over loopback, with a key, on SQLite: a health check, searches by embedding and by picture in
# a gallery of 100,000 faces, and the same searches without HTTP in the same run.
# bench/http.sh [faces] [seconds]; needs ../shared. The last line is
#   http live_rps=… embedding_rps=… picture_rps=… embedding_overhead_ms=… picture_overhead_ms=…
# where an overhead is the median of a request on one connection minus that of the engine and the index alone.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
faces=${1:-100000}
seconds=${2:-10}
work=$(mktemp -d)
trap 'stop_server; rm -rf "$work"' EXIT

if ! command -v wrk >/dev/null; then
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq --no-install-recommends wrk
fi
publish_server
dotnet build bench/FaceSearch.Benchmarks -c Release -v quiet --nologo
picture=../shared/faces/lfw/Ashanti/Ashanti_0002.jpg

(cd ../shared/faces && zip -q -r -0 "$work/lfw.zip" lfw)
start_server "$work/server"
curl -fs -o /dev/null -H "X-Api-Key: $server_key" -F "file=@$work/lfw.zip" "$server_url/add_faces_in_bulk/"
key=$server_key
stop_server
rows=$(/usr/bin/python3 bench/grow_sqlite.py "$work/server/data/facesearch.db" "$faces" "$work/embeddings")
/usr/bin/python3 -c 'import json, struct, sys; print(json.dumps({"embedding": struct.unpack("<128f", open(sys.argv[1], "rb").read(512))}))' \
  "$work/embeddings" >"$work/embedding.json"
start_server "$work/server"

cat >"$work/post.lua" <<'LUA'
local file = io.open(os.getenv("BODY"), "rb")
wrk.method, wrk.body = "POST", file:read("*a")
wrk.headers["Content-Type"] = os.getenv("TYPE")
done = function(summary, latency)
  io.write(string.format("%.1f %.3f %.3f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.errors.status))
end
LUA
sed 's/^wrk.method.*/wrk.method = "GET"/; /Content-Type/d; /^local file/d' "$work/post.lua" >"$work/get.lua"

# load NAME CONNECTIONS SCRIPT PATH [BODY TYPE]: a row of the table; sets $rps and $p50.
load() {
  local name=$1 connections=$2 script=$3 path=$4 p99 errors
  export BODY=${5:-} TYPE=${6:-}
  wrk -t1 -c"$connections" -d2s -H "X-Api-Key: $key" -s "$work/$script.lua" "$server_url$path" >/dev/null
  read -r rps p50 p99 errors < <(wrk -t1 -c"$connections" -d"${seconds}s" -H "X-Api-Key: $key" -s "$work/$script.lua" "$server_url$path" | tail -1)
  [ "$errors" = 0 ] || { echo "$name: $errors answers were errors" >&2; exit 1; }
  printf '| %-28s | %11d | %10.1f | %8.3f | %8.3f |\n' "$name" "$connections" "$rps" "$p50" "$p99"
}
less() { awk "BEGIN { printf \"%.3f\", $1 - $2 }"; }

echo "cores $(nproc), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $rows faces, load $(cut -d' ' -f1 /proc/loadavg)"
printf '| %-28s | %11s | %10s | %8s | %8s |\n' call connections requests/s 'p50, ms' 'p99, ms'
many=$((4 * $(nproc)))
load /health/live 1 get /health/live
load /health/live "$many" get /health/live; live=$rps
search="/v1/collections/default/search"
load "search by embedding" 1 post "$search/embedding?k=5" "$work/embedding.json" application/json; embedding_p50=$p50
load "search by embedding" "$many" post "$search/embedding?k=5" "$work/embedding.json" application/json; embedding=$rps
load "search by picture" 1 post "$search?k=5" "$picture" image/jpeg; picture_p50=$p50
load "search by picture" "$many" post "$search?k=5" "$picture" image/jpeg; by_picture=$rps

dotnet bench/FaceSearch.Benchmarks/bin/Release/net10.0/FaceSearch.Benchmarks.dll alone "$work/embeddings" "$picture" ../shared/models | tee "$work/alone"
index=$(sed -nE 's/.*index_p50_ms=([0-9.]+) engine.*/\1/p' "$work/alone") both=$(sed -nE 's/.*engine_and_index_p50_ms=([0-9.]+).*/\1/p' "$work/alone")
echo "http live_rps=$live embedding_rps=$embedding picture_rps=$by_picture embedding_overhead_ms=$(less "$embedding_p50" "$index") picture_overhead_ms=$(less "$picture_p50" "$both")"
