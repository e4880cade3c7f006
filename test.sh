#!/usr/bin/env bash
# Builds everything and runs every test. Installs what is missing where it may (root on Debian or Ubuntu).
# The last line is: N passed, N failed, N skipped
#
#   ./test.sh                 everything
#   ./test.sh Gateway Grains  only the test projects whose names begin so
#
# The exit code is 0 when nothing failed and something ran.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0"
  exit 0
fi

passed=0 failed=0 skipped=0
logs=artifacts/test
mkdir -p "$logs"

have() { command -v "$1" >/dev/null 2>&1; }
die() { echo "$1" >&2; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

have dotnet || die "The .NET 10 SDK is missing (command dotnet)."
have node && have npm || die "Node.js 20 or newer is missing (commands node and npm)."

# --- what the tests need besides the SDK and Node.js
need() { # what it is for, Debian package, how to find it
  if eval "$3" >/dev/null 2>&1; then return; fi
  if [ "$(id -u)" = 0 ] && have apt-get; then
    echo "Installing $2 ($1)"
    if [ -z "${updated:-}" ]; then apt-get update -qq >"$logs/apt.log" 2>&1; updated=1; fi
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >>"$logs/apt.log" 2>&1; then return; fi
    echo "Installing $2 failed: see $logs/apt.log"
  fi
  echo "$1: not found; install the package $2. Its tests will be skipped."
}
need "PostgreSQL server" postgresql 'have initdb || ls /usr/lib/postgresql/*/bin/initdb'
need "Chromium" chromium 'have chromium || have chromium-browser || have google-chrome'

# --- build
echo "Building"
if ! dotnet build Orleans.Chat.sln --nologo -v minimal -clp:NoSummary >"$logs/build.log" 2>&1; then
  grep -E "error|warn" "$logs/build.log" | sort -u | head -40
  die "The build failed: see $logs/build.log"
fi

wanted() { # is this part asked for?
  [ $# -eq 1 ] && return 0
  local part=$1 prefix
  shift
  for prefix in "$@"; do [[ "$part" == "$prefix"* ]] && return 0; done
  return 1
}

count() { # adds passed, failed, skipped of one part and says so
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
  printf '%-28s %5d passed %3d failed %3d skipped %6ds\n' "$1" "$2" "$3" "$4" "$5"
}

# --- .NET
for project in test/*Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  wanted "$name" "$@" || continue
  began=$SECONDS
  "artifacts/embedded/bin/$name/debug/OrleansChat.$name" -noColor -noLogo >"$logs/$name.log" 2>&1
  code=$?
  summary=$(grep -E "Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+" "$logs/$name.log" | tail -1)
  if [ -z "$summary" ]; then
    tail -40 "$logs/$name.log"
    count "$name (did not finish)" 0 1 0 $((SECONDS - began))
    continue
  fi
  number() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
  total=$(number Total) errors=$(number Errors) fails=$(number Failed) skips=$(number Skipped)
  bad=$((fails + errors))
  [ "$code" != 0 ] && [ "$bad" = 0 ] && bad=1
  [ "$bad" != 0 ] && grep -vE "^ *(at |/_/)|^[0-9]{4}-[0-9]{2}-[0-9]{2}T" "$logs/$name.log" | cut -c1-300 | tail -80
  grep -E "\[SKIP\]" -A1 "$logs/$name.log"
  count "$name" $((total - fails - skips)) "$bad" "$skips" $((SECONDS - began))
done

# --- web client
if wanted WebClient "$@"; then
  began=$SECONDS
  rm -f "$logs/WebClient.json"
  (
    cd src/WebClient
    npx vitest run --reporter=json --outputFile="../../$logs/WebClient.json"
    tests=$?
    npm run --silent lint && exit $tests
  ) >"$logs/WebClient.log" 2>&1
  code=$?
  read -r ok bad skips < <(node -e '
    const r = JSON.parse(require("fs").readFileSync(process.argv[1]));
    console.log(r.numPassedTests, r.numFailedTests || r.testResults.filter(f => f.status === "failed").length, r.numPendingTests + r.numTodoTests)' "$logs/WebClient.json" 2>/dev/null || echo 0 1 0)
  [ "$code" != 0 ] && [ "$bad" = 0 ] && bad=1
  [ "$bad" != 0 ] && tail -60 "$logs/WebClient.log"
  count WebClient "$ok" "$bad" "$skips" $((SECONDS - began))
fi

# --- the load tool, small: every message must arrive
if wanted Load "$@" && [ -d test/Load ]; then
  began=$SECONDS
  if "artifacts/embedded/bin/Load/debug/OrleansChat.Load" --smoke >"$logs/Load.log" 2>&1; then
    count Load 1 0 0 $((SECONDS - began))
  else
    tail -40 "$logs/Load.log"
    count Load 0 1 0 $((SECONDS - began))
  fi
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
