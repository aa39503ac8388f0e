# Sourced by scripts that read the results of `dotnet test --logger trx`.

# trx_counts FOLDER: prints 'passed failed skipped' over all .trx files.
trx_counts() {
  grep -ho '<Counters [^>]*>' "$1"/*.trx \
    | sed -E 's/.* total="([0-9]+)" executed="([0-9]+)" passed="([0-9]+)".*/\1 \2 \3/' \
    | awk '{ passed += $3; failed += $2 - $3; skipped += $1 - $2 } END { print passed + 0, failed + 0, skipped + 0 }'
}
