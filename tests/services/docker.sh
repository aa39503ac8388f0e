#!/bin/bash
# A private Docker engine and a MySQL image made of the same packages as tests/services/mysql.sh, for machines without
# either. Tests the use of Testcontainers. Needs root, and dockerd and iptables (apt-get install
# docker.io iptables).
#
#   eval "$(tests/services/docker.sh start)"   starts the engine, builds the image, exports what the tests need
#   tests/services/docker.sh stop              stops the engine, by its process id
#
# FACESEARCH_TEST_MYSQL_IMAGE names the image (facesearch/mysql).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
home=$root/artifacts/docker
mysql=$root/artifacts/mysql
image=${FACESEARCH_TEST_MYSQL_IMAGE:-facesearch/mysql}
export DOCKER_HOST=unix://$home/docker.sock

start() {
  mkdir -p "$home"
  if ! docker info > /dev/null 2>&1; then
    # Published ports bind to 127.0.0.1 only.
    setsid dockerd --data-root "$home/data" --exec-root "$home/exec" -p "$home/dockerd.pid" -H "$DOCKER_HOST" \
      --ip 127.0.0.1 > "$home/dockerd.log" 2>&1 < /dev/null &
    for _ in $(seq 300); do docker info > /dev/null 2>&1 && break; sleep 0.1; done
    docker info > /dev/null 2>&1 || { tail -n 20 "$home/dockerd.log" >&2; exit 1; }
  fi
  docker image inspect "$image" > /dev/null 2>&1 || build >&2
  echo "export DOCKER_HOST=$DOCKER_HOST FACESEARCH_TEST_MYSQL_IMAGE=$image"
  # Without a registry there is no image of Testcontainers' reaper, so the tests remove their container.
  echo "export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1"
  echo "export DOCKER_API_VERSION=$(docker version --format '{{.Server.APIVersion}}')"
}

build() {
  local context
  context=$(mktemp -d "$home/image.XXXXXX")
  mkdir -p "$context/root"
  cp -a "$mysql/root/." "$context/root/"
  rm -rf "$context"/root/usr/share/{doc,man,locale,bash-completion} "$context"/root/usr/lib/*/gconv
  dpkg-deb -x "$(ls "$mysql"/apt/*/cache/archives/busybox-static_*.deb | head -1)" "$context/root"
  (
    cd "$context/root"
    if [ -d bin ] && [ ! -L bin ]; then cp -a bin/. usr/bin/; rm -rf bin; fi
    for folder in bin sbin lib lib64; do [ -e $folder ] || ln -s usr/$folder $folder; done
    for tool in sh cat chown grep id ls mkdir sed sleep; do [ -e usr/bin/$tool ] || ln -s busybox usr/bin/$tool; done
    mkdir -p tmp etc root run var/run/mysqld var/lib/mysql
    chmod 1777 tmp
    printf 'root:x:0:0:root:/root:/bin/sh\nmysql:x:999:999::/var/lib/mysql:/bin/false\n' > etc/passwd
    printf 'root:x:0:\nmysql:x:999:\n' > etc/group
  )
  cp "$root/tests/services/mysql-entrypoint.sh" "$context/root/entrypoint.sh"
  tar -C "$context/root" -cf "$context/root.tar" .
  rm -rf "$context/root"
  cat > "$context/Dockerfile" <<'DOCKERFILE'
FROM scratch
ADD root.tar /
ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin
EXPOSE 3306
ENTRYPOINT ["/entrypoint.sh"]
CMD ["mysqld"]
DOCKERFILE
  DOCKER_BUILDKIT=0 docker build -q -t "$image" "$context"
  rm -rf "$context"
}

stop() {
  [ -s "$home/dockerd.pid" ] || return 0
  local pid
  pid=$(cat "$home/dockerd.pid")
  kill "$pid" 2> /dev/null || return 0
  while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
}

case ${1:-} in
  start|stop) "$1" ;;
  *) sed -n '2,10p' "$0" | cut -c3-; exit 2 ;;
esac
