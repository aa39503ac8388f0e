#!/usr/bin/env bash
# Fits a profile's projection to 128 floats on 700 people of ../shared/faces/open and writes it into the engine's sources.
# bench/projection.sh PROFILE; needs the photographs and models of ../shared. The same files give the same projection
# up to rounding.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 1 ] || { echo "usage: bench/projection.sh PROFILE" >&2; exit 2; }
dotnet build bench/FaceSearch.ProfileBenchmarks -c Release -v quiet --nologo >&2
dotnet bench/FaceSearch.ProfileBenchmarks/bin/Release/net10.0/FaceSearch.ProfileBenchmarks.dll projection \
  "$1" ../shared/faces/open ../shared/models artifacts/models src/FaceSearch.Infrastructure/FaceEngine/Embeddings
