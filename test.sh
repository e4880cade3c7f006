#!/usr/bin/env bash
# Builds everything and runs every test. Installs what is missing where it may (root on Debian or Ubuntu).
# The last line is: N passed, N failed, N skipped
#
#   ./test.sh                  everything
#   ./test.sh Gateway Grains   only the test projects whose names begin so
#   ./test.sh Orleans          only what runs on the Orleans engine
#   ./test.sh Orleans Gateway  of that, only these projects
#
# First everything on the embedded engine, then what both engines share, and the cluster, on Orleans: where its packages
# can be restored. Where they cannot, one line says so, and why. OrleansVersion (another version of the packages) and
# RestoreAdditionalProjectSources (another place to find them) are taken from the environment.
#
# Two parts run at a time, and what a part says is shown when it has ended. The browser's tests run alone, and the cluster's.
# The exit code is 0 when nothing failed and something ran.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  sed -n '2,16s/^# \{0,1\}//p' "$0"
  exit 0
fi

engines="embedded orleans"
if [ "${1:-}" = "Orleans" ]; then
  engines=orleans
  shift
fi

logs=artifacts/test
mkdir -p "$logs"
: >"$logs/counts" >"$logs/ended"
rm -f "$logs/orleans-is-built"

# Methods are not compiled once more to watch them: that took up to half of the time.
export DOTNET_TieredPGO=0

# A compiler that stays for the whole run, and no longer: without it each project pays for its start.
compiler=orleans-chat-test-$$
trap 'pkill -f "VBCSCompiler.*$compiler"' EXIT

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

wanted() { # is this part asked for?
  [ $# -eq 1 ] && return 0
  local part=$1 prefix
  shift
  for prefix in "$@"; do [[ "$part" == "$prefix"* ]] && return 0; done
  return 1
}

# --- parts run two at a time: on two cores most of them wait more than they compute
begun=0
begin() { # what to run
  at_most 1
  begun=$((begun + 1))
  {
    said=$("$@" 2>&1)
    [ -n "$said" ] && printf '%s\n' "$said"
    echo "$*" >>"$logs/ended"
  } &
}
alone() { # what to run while nothing else does
  at_most 0
  begin "$@"
  at_most 0
}
at_most() { while [ "$(jobs -rp | wc -l)" -gt "$1" ]; do wait -n; done; }

count() { # notes passed, failed, skipped of one part and says so
  echo "$2 $3 $4" >>"$logs/counts"
  printf '%-28s %5d passed %3d failed %3d skipped %6ds\n' "$1" "$2" "$3" "$4" "$5"
}

run_tests() { # engine, project, what it is called
  local log="$logs/${3//[: ]/}.log" began=$SECONDS code summary total errors fails skips bad
  "artifacts/$1/bin/$2/debug/OrleansChat.$2" -noColor -noLogo >"$log" 2>&1
  code=$?
  summary=$(grep -aE "Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+" "$log" | tail -1)
  if [ -z "$summary" ]; then
    tail -40 "$log"
    count "$3 (did not finish)" 0 1 0 $((SECONDS - began))
    return
  fi
  number() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
  total=$(number Total) errors=$(number Errors) fails=$(number Failed) skips=$(number Skipped)
  bad=$((fails + errors))
  [ "$code" != 0 ] && [ "$bad" = 0 ] && bad=1
  [ "$bad" != 0 ] && grep -avE "^ *(at |/_/)|^[0-9]{4}-[0-9]{2}-[0-9]{2}T" "$log" | cut -c1-300 | tail -80
  grep -aE "\[SKIP\]" -A1 "$log"
  count "$3" $((total - fails - skips)) "$bad" "$skips" $((SECONDS - began))
}

build() { # log, what to build with which settings
  local log="$logs/$1"
  shift
  dotnet build "$@" -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler" --nologo -v minimal -clp:NoSummary >"$log" 2>&1 && return
  grep -E "error|warn" "$log" | sort -u | head -40
  echo "The build failed: see $log"
  return 1
}

# Everything on the embedded engine: .NET, the web client, the load tool. First what only computes, beside the build for Orleans.
embedded_part() {
  local project name
  wanted Model.Tests "$@" && begin run_tests embedded Model.Tests Model.Tests
  wanted WebClient "$@" && begin web_client
  for project in test/*Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    [[ "$name" =~ ^(Browser|Cluster|Model)\.Tests$ ]] || ! wanted "$name" "$@" || begin run_tests embedded "$name" "$name"
  done
  wanted Load "$@" && begin load_tool
  wanted Browser.Tests "$@" && alone run_tests embedded Browser.Tests Browser.Tests
}

# What both engines share, and the cluster: its silos compute as much as they wait, and must not be kept waiting.
orleans_part() {
  local name
  wait "$orleans_build"
  [ -e "$logs/orleans-is-built" ] || return
  for name in "${orleans_names[@]}"; do
    case "$name" in
      Cluster.Tests) alone run_tests orleans "$name" "Orleans: $name" ;;
      *) begin run_tests orleans "$name" "Orleans: $name" ;;
    esac
  done
}

# One build of all that is wanted. Leaves a file behind when it succeeded.
build_for_orleans() {
  local code reason name targets=()
  timeout 180 dotnet restore Orleans.Chat.sln -p:Engine=Orleans --nologo -v quiet >"$logs/orleans-restore.log" 2>&1
  code=$?
  if [ "$code" != 0 ]; then
    reason=$(grep -E "Microsoft\.Orleans" "$logs/orleans-restore.log" | grep -oE "\bNU1(10[123]|301)\b" | head -1)
    grep -qE "\bNU1301\b" "$logs/orleans-restore.log" && reason=NU1301
    if [ -z "$reason" ] && [ "$code" != 124 ]; then # not the registry: the engine is broken
      grep -E "error" "$logs/orleans-restore.log" | sort -u | head -20
      count "Orleans (no restore)" 0 1 0 0
      return
    fi
    [ "$code" = 124 ] && reason="no answer within 3 minutes"
    echo "Cluster tests were not run: Microsoft.Orleans.* $(orleans_version) cannot be restored here ($reason)."
    return
  fi
  for name in "$@"; do targets+=("-t:test\\${name//./_}"); done
  if build orleans-build.log Orleans.Chat.sln -p:Engine=Orleans --no-restore "${targets[@]}"; then
    touch "$logs/orleans-is-built"
  else
    count "Orleans (no build)" 0 1 0 0
  fi
}

orleans_version() { echo "${OrleansVersion:-$(sed -nE 's/.*<OrleansVersion .*>(.*)<\/OrleansVersion>.*/\1/p' Directory.Packages.props)}"; }

web_client() {
  local began=$SECONDS code ok bad skips
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
}

load_tool() { # small: every message must arrive
  local began=$SECONDS
  if "artifacts/embedded/bin/Load/debug/OrleansChat.Load" --smoke >"$logs/Load.log" 2>&1; then
    count Load 1 0 0 $((SECONDS - began))
  else
    tail -40 "$logs/Load.log"
    count Load 0 1 0 $((SECONDS - began))
  fi
}

orleans_names=()
for name in Cluster.Tests Gateway.Tests Grains.Tests Contracts.Tests; do
  [[ "$engines" == *orleans* ]] && wanted "$name" "$@" && orleans_names+=("$name")
done

if [[ "$engines" == *embedded* ]]; then
  echo "Building"
  build build.log Orleans.Chat.sln || die "The build failed."
fi
if [ ${#orleans_names[@]} != 0 ]; then
  begin build_for_orleans "${orleans_names[@]}"
  orleans_build=$!
fi
[[ "$engines" == *embedded* ]] && embedded_part "$@"
[ ${#orleans_names[@]} != 0 ] && orleans_part
at_most 0

passed=0 failed=0 skipped=0
while read -r ok bad skips; do
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skips))
done <"$logs/counts"
[ "$(wc -l <"$logs/ended")" = "$begun" ] || { echo "A part was ended before it could say what came of it."; failed=$((failed + 1)); }
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
