#!/usr/bin/env bash
# Builds the dlib oracle into artifacts/oracle (git-ignored). Skips files that exist already.
#   tests/Oracle/build.sh          oracle: against Debian's libdlib, for the tests
#   tests/Oracle/build.sh native   oracle-native too: dlib's own source, as fast as this machine allows, for bench/dlib.sh
# The native build needs dlib's source, from Debian's source package.
set -euo pipefail
cd "$(dirname "$0")/../.."
source=tests/Oracle
target=artifacts/oracle
mkdir -p "$target"

newer() { [ ! -f "$1" ] || [ -n "$(find "$source" -newer "$1" \( -name '*.cpp' -o -name '*.h' \))" ]; }

install_packages() {
  local missing=()
  for package in g++ libdlib-dev libopenblas-dev liblapack-dev; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "${missing[@]}" >/dev/null
}

build() { # output, flags...
  local output=$1
  shift
  g++ -std=c++14 "$@" -o "$output.part"
  mv "$output.part" "$output"
}

fetch_source() {
  local work=$target/source
  [ -f "$work/dlib/all/source.cpp" ] && return
  rm -rf "$work" && mkdir -p "$work/lists/partial"
  sed 's/^Types: deb$/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$work/debian.sources"
  local apt=(-qq -o "Dir::Etc::sourcelist=$PWD/$work/debian.sources" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$PWD/$work/lists" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update
  (cd "$work" && apt-get "${apt[@]}" source --download-only dlib)
  tar -xjf "$work"/dlib_*.orig.tar.bz2 -C "$work" --strip-components=1 --wildcards '*/dlib'
  rm -rf "$work"/*.tar.* "$work/lists"
}

install_packages
if newer "$target/oracle"; then
  build "$target/oracle" -O2 "$source/oracle.cpp" -ldlib -lopenblas -llapack -lpthread
fi

if [ "${1:-}" = native ]; then
  fetch_source
  if newer "$target/oracle-native"; then
    build "$target/oracle-native" -O3 -march=native -DNDEBUG -DDLIB_USE_BLAS -DDLIB_USE_LAPACK -DDLIB_NO_GUI_SUPPORT \
      -I "$target/source" "$source/oracle.cpp" "$target/source/dlib/all/source.cpp" -lopenblas -llapack -lpthread
  fi
fi
