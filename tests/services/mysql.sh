#!/bin/bash
# A real MySQL for tests and benchmarks, from Debian's packages, in a folder: no root, nothing installed.
#
#   tests/services/mysql.sh fetch                 unpacks the server into artifacts/mysql (about 70 MB to download)
#   tests/services/mysql.sh start [data] [port]   starts it on 127.0.0.1 and prints its connection string
#   tests/services/mysql.sh stop [data]           stops the server of that data folder, by its process id
#
# SUITE is the Debian suite the packages come from (sid). Needs apt and dpkg-deb.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
home=$root/artifacts/mysql
suite=${SUITE:-sid}

# apt with separate lists and state, so it reads another suite without changing the system's sources.
private_apt() {
  local apt=$home/apt/$suite mirror
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,state}
  touch "$apt/state/status"
  mirror=$(grep -hoPs '^(URIs: |deb )\K\S+/debian/?(?=$| )' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list | head -1 || true)
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "${mirror:?no Debian mirror in the sources of apt}" "$suite" > "$apt/debian.sources"
  apt-get -q -o Dir::Etc::sourcelist="$apt/debian.sources" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::State="$apt/state" -o Dir::State::lists="$apt/lists" \
    -o Dir::State::status="$apt/state/status" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root \
    -o Debug::NoLocking=true "$@"
}

fetch() {
  mkdir -p "$home/root" "$home/bin"
  exec 9> "$home/.lock"
  flock 9
  [ -x "$home/bin/mysqld" ] && { echo "$home/bin/mysqld is there"; return; }
  private_apt update > "$home/apt.log" 2>&1 || { tail -n 5 "$home/apt.log" >&2; exit 1; }
  private_apt -y -o APT::Install-Recommends=false --download-only install mysql-server-core mysql-client-core busybox-static \
    >> "$home/apt.log" 2>&1 || { tail -n 5 "$home/apt.log" >&2; exit 1; }
  for package in "$home/apt/$suite/cache/archives"/*.deb; do
    case $(basename "$package") in
      perl*|debconf*|busybox*|gcc-*-base*|*doc*) ;;
      *) dpkg-deb -x "$package" "$home/root" ;;
    esac
  done
  # The packages are newer than this system, so they use their own loader and libraries.
  cat > "$home/bin/mysql" <<'WRAPPER'
#!/bin/bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../root" && pwd)
lib=$root/usr/lib/$(uname -m)-linux-gnu
run=("$lib"/ld-linux-*.so.* --library-path "$lib:$lib/mysql:$lib/private")
case $(basename "$0") in
  mysql) exec "${run[@]}" "$root/usr/bin/mysql" "$@" ;;
  mysqld) exec "${run[@]}" "$root/usr/sbin/mysqld" "$@" \
    --basedir="$root/usr" --plugin-dir="$root/usr/lib/mysql/plugin" --lc-messages-dir="$root/usr/share/mysql" \
    --character-sets-dir="$root/usr/share/mysql/charsets" ;;
esac
WRAPPER
  chmod +x "$home/bin/mysql"
  ln -sf mysql "$home/bin/mysqld"
  "$home/bin/mysqld" --no-defaults --version
}

start() {
  local data=${1:-$home/data} port=${2:-33060} mysqld
  mysqld=$(command -v mysqld || echo "$home/bin/mysqld")
  [ -x "$mysqld" ] || { echo "There is no mysqld: run '$0 fetch' first." >&2; exit 1; }
  mkdir -p "$data"
  data=$(cd "$data" && pwd)
  local common=(--no-defaults --user="$(id -un)" --datadir="$data/db" --secure-file-priv=NULL --log-error="$data/error.log")
  if [ ! -d "$data/db" ]; then
    printf "CREATE USER 'app'@'127.0.0.1' IDENTIFIED BY 'app'; GRANT ALL ON *.* TO 'app'@'127.0.0.1';\n" > "$data/init.sql"
    "$mysqld" "${common[@]}" --initialize-insecure --init-file="$data/init.sql"
  fi
  # setsid: an interrupt of the caller must not stop the server.
  setsid "$mysqld" "${common[@]}" --bind-address=127.0.0.1 --port="$port" --socket="$data/mysqld.sock" \
    --pid-file="$data/mysqld.pid" --mysqlx=OFF --skip-log-bin --skip-name-resolve ${MYSQLD_OPTIONS:-} > /dev/null 2>&1 < /dev/null &
  local pid=$!
  for _ in $(seq 600); do
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && [ -s "$data/mysqld.pid" ] && break
    kill -0 $pid 2> /dev/null || { tail -n 20 "$data/error.log" >&2; exit 1; }
    sleep 0.1
  done
  echo "Server=127.0.0.1;Port=$port;User ID=app;Password=app"
}

stop() {
  local data=${1:-$home/data} pid
  [ -s "$data/mysqld.pid" ] || return 0
  pid=$(cat "$data/mysqld.pid")
  kill "$pid" 2> /dev/null || return 0
  while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
}

case ${1:-} in
  fetch|start|stop) "$@" ;;
  *) sed -n '2,9p' "$0" | cut -c3-; exit 2 ;;
esac
