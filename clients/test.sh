#!/usr/bin/env bash
# Generates and compiles the clients, and calls real servers with them: with NSwag's and openapi-ts' on SQLite and MySQL,
# with Kiota's on SQLite. Kiota also generates Java, Go, Python and PHP, and openapi-typescript and orval their clients;
# none may warn.
# Needs ../shared, node 20, and the server of tests/services/mysql.sh fetch. Ends with 'N passed, N failed'.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
faces=$(cd ../shared/faces && pwd)
work=$(mktemp -d)
passed=0 failed=0
trap 'stop_server; tests/services/mysql.sh stop "$work/mysql"; rm -rf "$work"' EXIT

check() { # check NAME COMMAND...: its last line may count on its own
  local name=$1; shift
  echo "== $name"
  if "$@" | tee "$work/log"; then echo "ok   $name"; passed=$((passed + 1));
  else echo "FAIL $name"; failed=$((failed + 1)); fi
  local p f
  read -r p f < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$work/log" | tail -1)
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
}
finish() { echo "$passed passed, $failed failed"; [ "$failed" -eq 0 ]; exit; }

# Each client gets its own server, because each enrols the same photographs.
drive() { # drive CLIENT DATABASE COMMAND...
  local client=$1 database=$2 settings=(); shift 2
  [ "$database" = MySQL ] && settings=(Database__Provider=MySql "Database__MySql=$mysql;Database=$client")
  start_server "$work/$client-$database" "${settings[@]}" || { echo "FAIL starting a server on $database"; failed=$((failed + 1)); return; }
  check "$client on $database" env FACESEARCH_KEY="$server_key" "$@" "$server_url" "$faces" "$work/faces.zip"
  stop_server
}

# kiota LANGUAGE FOLDER: fails when it warns of the document. The document has a relative address of its server, which the rule
# NoServerEntry does not know.
kiota() {
  dotnet kiota generate -l "$1" -d docs/openapi.json -c FaceSearchClient -n FaceSearch.Kiota -o "$2" \
    --clean-output --log-level Warning --disable-validation-rules NoServerEntry > "$work/kiota" 2>&1 \
    && ! grep 'OpenAPI warning' "$work/kiota" && grep 'Generation completed successfully' "$work/kiota"
}

[ "${PUBLISHED:-0}" = 1 ] || check "publish the server" publish_server
rm -rf clients/csharp/*/{bin,obj} clients/typescript/{dist,src/generated}
check "generate and compile C#" dotnet build clients/csharp/Smoke -c Release -v quiet --nologo
check "install the TypeScript tools" npm --prefix clients/typescript ci --silent
check "generate and compile TypeScript" npm --prefix clients/typescript run -s build
rm -rf clients/kiota/*/{bin,obj,dist}
check "install Kiota" dotnet tool restore
check "generate C# with Kiota" kiota CSharp clients/kiota/csharp/Generated
check "compile Kiota's C#" dotnet build clients/kiota/csharp -c Release -v quiet --nologo
check "generate TypeScript with Kiota" kiota TypeScript clients/kiota/typescript/Generated
check "install Kiota's libraries" npm --prefix clients/kiota/typescript ci --silent
check "compile Kiota's TypeScript" npm --prefix clients/kiota/typescript run -s build
for language in Java Go Python PHP; do
  check "generate $language with Kiota" kiota "$language" "$work/kiota-$language"
done
check "install openapi-typescript and orval" npm --prefix clients/generators ci --silent
check "generate and compile their clients" npm --prefix clients/generators run -s build
[ "$failed" -eq 0 ] || finish

mkdir "$work/zip"
cp -r "$faces"/lfw/{Tony_Shalhoub,Halle_Berry,Goran_Persson} "$work/zip"
cp "$faces/noface/skimage_moon.png" "$work/zip/Tony_Shalhoub/"
(cd "$work/zip" && zip -q -r -0 "$work/faces.zip" .)

mysql=$(tests/services/mysql.sh start "$work/mysql" "$(free_port)") || { echo "FAIL starting MySQL"; failed=$((failed + 1)); }
for database in SQLite ${mysql:+MySQL}; do
  drive csharp "$database" dotnet clients/csharp/Smoke/bin/Release/net10.0/Smoke.dll
  drive typescript "$database" node clients/typescript/dist/smoke/smoke.js
done
drive kiota-csharp SQLite dotnet clients/kiota/csharp/bin/Release/net10.0/KiotaSmoke.dll
drive kiota-typescript SQLite node clients/kiota/typescript/dist/smoke.js
finish
