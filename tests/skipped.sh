#!/usr/bin/env bash
# Counts the skipped tests of a run by their reason, from its .trx files: 'dotnet test --logger trx --results-directory DIR'.
#   tests/skipped.sh [DIR]     DIR is artifacts/test-results by default
# Names of files, types and cases are left out of a reason, so that equal reasons add up. Ends with 'N skipped'.
set -euo pipefail
cd "$(dirname "$0")/.."
results=${1:-artifacts/test-results}

trx=()
while IFS= read -r file; do trx+=("$file"); done < <(find "$results" -name '*.trx' | sort)
[ ${#trx[@]} -gt 0 ] || { echo "There is no .trx file in $results." >&2; exit 1; }

# One line per skipped test: its message, the only one with the outcome NotExecuted.
awk '
  /<UnitTestResult / { skipped = /outcome="NotExecuted"/; if (skipped) { count++; reason = "no reason given"; told = 0 } }
  skipped && /<Message>/ { sub(/.*<Message>/, ""); sub(/<\/Message>.*/, ""); reason = $0 }
  skipped && (/<\/UnitTestResult>/ || /\/>[[:space:]]*$/ && /<UnitTestResult /) { print reason; skipped = 0 }
' "${trx[@]}" | sed -E 's/^(OneTime)?SetUp ?: (SetUp : )?//; s/&apos;/'"'"'/g; s/the model file [a-z0-9_.]+/a model file/; s/profile [a-z-]+,/a profile,/' |
  sort | uniq -c | sort -rn
total=$(grep -ho '<UnitTestResult [^>]*outcome="NotExecuted"' "${trx[@]}" | wc -l)
echo "$total skipped"
