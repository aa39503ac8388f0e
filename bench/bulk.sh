#!/usr/bin/env bash
# Bulk enrolment through HTTP on SQLite and on MySQL against the face engine alone, in turn, and the memory of a 1 GB zip.
# bench/bulk.sh [rounds]; needs ../shared and the server of tests/services/mysql.sh fetch.
# Prints, last: bulk sqlite_ratio=… mysql_ratio=… rss_mb=… pictures_per_s=…
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
rounds=${1:-3}
work=$(mktemp -d)
trap 'stop_server; tests/services/mysql.sh stop "$work/mysql"; rm -rf "$work"' EXIT

publish_server
dotnet build bench/FaceSearch.Benchmarks -c Release -v quiet --nologo
(cd ../shared/faces && zip -q -r -0 "$work/lfw.zip" lfw)
pictures=$(unzip -Z1 "$work/lfw.zip" | grep -c '\.jpg$')
mysql=$(tests/services/mysql.sh start "$work/mysql" "$(free_port)")

# bulk NAME ZIP SETTING...: sets $rate, $peak and $first (ms from the end of the upload to the first visible progress).
bulk() {
  local name=$1 zip=$2; shift 2
  start_server "$work/$name" "$@"
  local began job done=0
  began=$(date +%s%N)
  job=$(curl -fs -H "X-Api-Key: $server_key" -H 'Prefer: respond-async' -F "file=@$zip" "$server_url/add_faces_in_bulk/" | jq -r .jobId)
  local uploaded; uploaded=$(date +%s%N)
  first=
  while [ "$(jq -r '.endedAt // empty' "$work/job" 2> /dev/null)" = "" ]; do
    curl -fs -o "$work/job" -H "X-Api-Key: $server_key" "$server_url/v1/jobs/$job"
    done=$(jq .done "$work/job")
    [ -z "$first" ] && [ "$done" -gt 0 ] && first=$((($(date +%s%N) - uploaded) / 1000000))
    # Each poll costs a tenth of a core.
    sleep "$([ -z "$first" ] && echo 0.1 || echo 1)"
  done
  rate=$(awk "BEGIN { printf \"%.1f\", $done / (($(date -d "$(jq -r .endedAt "$work/job")" +%s%N) - $began) / 1e9) }")
  peak=$(awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$server_pid/status")
  echo "$name: $rate pictures/s, first progress after $first ms, at most $peak MB resident, $(jq -c '{state, inserted, duplicates, failed}' "$work/job")"
  rm "$work/job"
  stop_server
}
better() { awk "BEGIN { print ($1 > $2) ? $1 : $2 }"; }

engine=0 sqlite=0 best_mysql=0
for round in $(seq "$rounds"); do
  alone=$(dotnet bench/FaceSearch.Benchmarks/bin/Release/net10.0/FaceSearch.Benchmarks.dll engine | sed -nE 's/^engine .*pictures_per_s=([0-9.]+).*/\1/p')
  echo "the engine alone on all cores: $alone pictures/s (load $(cut -d' ' -f1 /proc/loadavg))"
  engine=$(better "$engine" "$alone")
  bulk "sqlite-$round" "$work/lfw.zip"
  sqlite=$(better "$sqlite" "$rate")
  bulk "mysql-$round" "$work/lfw.zip" Database__Provider=MySql "Database__MySql=$mysql;Database=bulk_$round"
  best_mysql=$(better "$best_mysql" "$rate")
done

# A gigabyte of large files: a photograph, then 20 MB that its decoder does not read and that can't be compressed.
mkdir "$work/large"
for i in $(seq 52); do
  cat "$(ls ../shared/faces/lfw/*/*.jpg | sed -n "${i}p")" <(head -c 20000000 /dev/urandom) > "$work/large/$i.jpg"
done
(cd "$work" && zip -q -r -0 large.zip large && rm -r large)
bulk large "$work/large.zip"

ratio() { awk "BEGIN { printf \"%.2f\", $1 / $engine }"; }
echo "$pictures pictures, cores $(nproc), load $(cut -d' ' -f1 /proc/loadavg), fastest of $rounds; zip of $(($(stat -c %s "$work/large.zip") / 1000000)) MB"
echo "bulk sqlite_ratio=$(ratio "$sqlite") mysql_ratio=$(ratio "$best_mysql") rss_mb=$peak pictures_per_s=$sqlite"
