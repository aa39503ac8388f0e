#!/usr/bin/env bash
# Measures what a profile makes of faces that are hard to recognise, on people whom nothing was fitted on.
#   bench/quality.sh                       PROFILE=mobile measures another one; mfn by default
#   bench/quality.sh --centroid [LABEL]... computes where unrecognisable faces lie on the 700 people of the projections'
#                                          fit, and writes it into the engine's sources; all profiles by default
# A label is a profile's name; dlib is dlib's ResNet with mmod, dlib-yunet with YuNet. Needs the photographs, cases and
# models of ../shared. Pictures are degraded here, always in the same way. The last line is
#   quality clean_refused=… magnets_refused=… magnets_matched=… worst_kind_refused=…
# A magnet is a degraded face, cut by the clean picture's landmarks, that the profile does not recognise among 1,001 people.
# clean_refused: the share of clean faces of open/ that the bound refuses; magnets_refused: of the magnets of all kinds;
# magnets_matched: the share of magnets that are not refused and find another person within 0.6; worst_kind_refused:
# magnets_refused of the kind with the least, of those with at least 20 magnets.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/FaceSearch.ProfileBenchmarks -c Release -v quiet --nologo >&2
program=bench/FaceSearch.ProfileBenchmarks/bin/Release/net10.0/FaceSearch.ProfileBenchmarks.dll
if [ "${1:-}" = --centroid ]; then
  shift
  [ $# -gt 0 ] || set -- mfn mobile faceplugin dlib dlib-yunet
  for label in "$@"; do
    dotnet "$program" centroid "$label" ../shared artifacts/models src/FaceSearch.Infrastructure/FaceEngine/Recognisability
  done
else
  [ $# = 0 ] || { echo "usage: bench/quality.sh [--centroid [LABEL]...]" >&2; exit 2; }
  echo "cores $(nproc), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"
  dotnet "$program" quality "${PROFILE:-mfn}" ../shared artifacts/models
fi
