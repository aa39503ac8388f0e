#!/usr/bin/env bash
# The server's memory while eight pictures of 12 to 39 megapixels are searched at once, twice, then the same under a limit
# of 1 GB: a memory cgroup of its own (version 1 or 2), where the machine allows one, otherwise a limit of the collector's
# heap and Engine:MemoryMegabytes. The pictures are drawn.
# bench/pictures-memory.sh; each last line is
#   pictures_memory limit=… peak_mb=… after_mb=… statuses=…
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
work=$(mktemp -d)
group=
trap 'stop_server; [ -z "$group" ] || rmdir "$group"; rm -rf "$work"' EXIT

publish_server
dotnet run bench/large.cs -- "$work/pictures"

memory_of_server() { awk -v name="$1:" '$1 == name { printf "%d", $2 / 1024 }' "/proc/$server_pid/status"; }

# burst LIMIT: eight searches at once, twice.
burst() {
  local picture searches status
  for _ in 1 2; do
    searches=()
    for picture in "$work"/pictures/*; do
      curl -s -o /dev/null -w '%{http_code}\n' -H "X-Api-Key: $server_key" -F "file=@$picture" "$server_url/search_faces/" >>"$work/statuses.$1" &
      searches+=($!)
    done
    wait "${searches[@]}"
  done
  status=$(sort "$work/statuses.$1" | uniq -c | awk '{ printf "%s%sx%s", (NR > 1 ? "," : ""), $2, $1 }')
  echo "pictures_memory limit=$1 peak_mb=$(memory_of_server VmHWM) after_mb=$(memory_of_server VmRSS) statuses=$status"
}

# The shell joins the group, so the server starts in it.
limit_to_1_gb() {
  local root=/sys/fs/cgroup/memory file=memory.limit_in_bytes
  [ -d "$root" ] || { root=/sys/fs/cgroup; file=memory.max; }
  mkdir "$root/facesearch-$$" 2>/dev/null || return 1
  group=$root/facesearch-$$
  echo $((1 << 30)) >"$group/$file" && echo $BASHPID >"$group/cgroup.procs"
}

start_server "$work/free"
burst none
stop_server
if limit_to_1_gb; then
  start_server "$work/limited"
  burst cgroup
  stop_server
  echo $BASHPID >"$(dirname "$group")/cgroup.procs"
else
  start_server "$work/limited" DOTNET_GCHeapHardLimit=0x20000000 Engine__MemoryMegabytes=384
  burst heap
fi
