#!/usr/bin/env bash
# The face engine alone, then the same pictures as a zip through HTTP into an empty SQLite database, in turn.
# bench/engine.sh [rounds]; needs the photographs and models of ../shared.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
rounds=${1:-3}
work=$(mktemp -d)
trap 'stop_server; rm -rf "$work"' EXIT

publish_server
dotnet build bench/FaceSearch.Benchmarks -c Release -v quiet --nologo
(cd ../shared/faces && zip -q -r -0 "$work/lfw.zip" lfw)
pictures=$(unzip -Z1 "$work/lfw.zip" | grep -c '\.jpg$')

best_http=0 rss=0 ready=999999
for round in $(seq "$rounds"); do
  dotnet bench/FaceSearch.Benchmarks/bin/Release/net10.0/FaceSearch.Benchmarks.dll engine | tee "$work/engine.$round" | sed '$d'

  started=$(date +%s%N)
  start_server "$work/server.$round"
  ready_ms=$((($(date +%s%N) - started) / 1000000))
  seconds=$(curl -s -o "$work/answer" -w '%{time_total}' -H "X-Api-Key: $server_key" \
    -F "file=@$work/lfw.zip" "$server_url/add_faces_in_bulk/")
  http=$(awk "BEGIN { printf \"%.0f\", $pictures / $seconds }")
  hwm=$(awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$server_pid/status")
  echo "zip through HTTP: $http pictures/s ($(jq -c '{inserted, duplicates, failed}' "$work/answer")), at most $hwm MB resident, ready after $ready_ms ms"
  stop_server
  [ "$http" -gt "$best_http" ] && best_http=$http
  [ "$hwm" -gt "$rss" ] && rss=$hwm
  [ "$ready_ms" -lt "$ready" ] && ready=$ready_ms
done

best() { cat "$work"/engine.* | sed -nE "s/^engine .*$1=([0-9.]+).*/\1/p" | sort -n "${@:2}" | head -1; }
one_face_ms=$(best one_face_ms)
engine=$(best pictures_per_s -r)
echo "cores $(nproc), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1 /proc/loadavg), fastest of $rounds; start to ready $ready ms"
echo "engine one_face_ms=$one_face_ms pictures_per_s=$engine bulk_http_ratio=$(awk "BEGIN { printf \"%.2f\", $best_http / $engine }") rss_mb=$rss"
