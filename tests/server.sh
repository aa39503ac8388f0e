# Sourced by the scripts that start a real server: publishes it, starts it on a free port, stops it by its process id.
# Afterwards: $server_url, $server_key, $server_pid, $server_folder.

publish_server() {
  dotnet publish src/FaceSearch.Api -o artifacts/server --use-current-runtime --self-contained false \
    -p:PublishReadyToRun=true -v quiet --nologo
}

# start_server FOLDER [NAME=VALUE ...]: the working folder (data, logs) and settings as environment variables.
start_server() {
  server_folder=$1; shift
  mkdir -p "$server_folder"
  local root; root=$(pwd)
  local port; port=$(free_port)
  server_url=http://127.0.0.1:$port
  (
    cd "$server_folder"
    exec env ASPNETCORE_ENVIRONMENT=Production Urls="$server_url" Models__Directory="$root/dlib-models" \
      Models__Mirrors__0="$root/../shared/models" "$@" dotnet "$root/artifacts/server/FaceSearch.Api.dll"
  ) >>"$server_folder/server.log" 2>&1 &
  server_pid=$!
  for _ in $(seq 1 1200); do
    if curl -fs -o /dev/null "$server_url/health/ready"; then
      server_key=$(grep -o 'fs_[0-9a-f]*' "$server_folder/server.log" | head -1)
      return
    fi
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.05
  done
  tail -n 20 "$server_folder/server.log" >&2
  return 1
}

stop_server() {
  kill "$server_pid" 2>/dev/null || true
  wait "$server_pid" 2>/dev/null || true
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
