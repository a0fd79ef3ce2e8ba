#!/bin/bash
# Brings a machine to the point where the package builds and runs: checks Swift, installs the Debian packages that are
# missing, fetches the native libraries (pinned, checksum-verified). Says nothing and takes a moment when all is there.
# "Scripts/setup.sh bench" adds what the benchmarks' Python environments need.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }
stop() {
  say "setup: $1"
  shift
  for line in "$@"; do say "  $line"; done
  exit 1
}

# --- Swift -----------------------------------------------------------------------------------------------------------

required_swift="6.1"

advice="Install Swift $required_swift or newer from https://www.swift.org/install/linux and open a new terminal."

find_swift() {
  command -v swift >/dev/null || stop "Swift is not installed, or not on the PATH." "$advice"
}

check_swift_version() {
  local answer version
  answer=$(swift --version 2>&1) || stop "Swift does not start; it says:" "$answer" "$advice"
  version=$(sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' <<<"$answer" | head -n 1)
  if [[ -z $version ]]; then stop "'swift --version' does not tell a version; it says:" "$answer" "$advice"; fi
  if [[ $(printf '%s\n%s\n' "$required_swift" "$version" | sort -V | head -n 1) != "$required_swift" ]]; then
    stop "Swift $version is too old." "$advice"
  fi
}

# --- Debian packages -------------------------------------------------------------------------------------------------

# What Swift needs to build (git, the C library, the linker, libstdc++), SQLite for the ledger, pip and nm for the
# native libraries below.
packages=(ca-certificates git binutils libc6-dev libsqlite3-dev zlib1g-dev libcurl4-openssl-dev libxml2-dev libncurses-dev
  tzdata python3 python3-pip)
if [[ ${1:-} == bench ]]; then packages+=(python3-venv libgomp1); fi

missing_packages() {
  local package
  if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    for package in "${packages[@]}"; do
      [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
        missing+=("$package")
    done
  fi
  # The package's name holds the compiler's version, so it is recognised by its file.
  compgen -G '/usr/lib/gcc/*/*/libstdc++.so' >/dev/null || missing+=("g++")
}

install_packages() {
  local missing=() as_root=()
  command -v dpkg >/dev/null || return 0
  missing_packages
  if [[ ${#missing[@]} -eq 0 ]]; then return 0; fi
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null || { ! sudo -n true 2>/dev/null && [[ ! -t 0 ]]; }; then
      stop "these Debian packages are missing, and installing them needs an administrator:" "${missing[*]}" \
        "Run as root: apt-get install ${missing[*]}"
    fi
    as_root=(sudo)
  fi
  say "Installing Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    stop "the Debian packages could not be installed (see above)." "Once it is mended, run the same command again."
  fi
  rm -f "$log"
}

# --- Native libraries ------------------------------------------------------------------------------------------------

work=""
trap 'if [[ -n $work ]]; then rm -rf "$work"; fi' EXIT

pins="Scripts/native-libraries.txt"
native=".native"

# What the folder must hold: changes with the pinned versions and with the recipe below.
wanted_stamp() { printf 'recipe 2 %s\n' "$(uname -m)"; cat "$pins"; }

is_complete() {
  [[ -s $native/libduckdb.so && -s $native/libpystubs.so && -s $native/libhighs.so.1 && -f $native/stamp ]] &&
    [[ $(<"$native/stamp") == "$(wanted_stamp)" ]]
}

# The library in DuckDB's wheel refers to Python's functions, which its C interface never calls. A library that defines those
# names, loaded first, lets it be opened in a process without Python.
build_stubs() {
  local library=$1 result=$2 compiler names
  names=$(nm -D --undefined-only "$library" | awk '$2 ~ /^_?Py/ { sub(/@.*/, "", $2); print $2 }' | sort -u)
  [[ -n $names ]] || stop "no Python names were found in $library; is the pinned wheel another one now?"
  compiler=$(command -v clang || command -v cc || command -v gcc) ||
    compiler="$(dirname "$(readlink -f "$(command -v swift)")")/clang"
  # Each name is a block of zeros: large enough for any object of Python, and never executed.
  for name in $names; do printf 'char %s[512] __attribute__((visibility("default")));\n' "$name"; done |
    "$compiler" -shared -fPIC -nostdlib -w -x c - -o "$result" ||
    stop "the compiler $compiler could not build the small library beside DuckDB (see above)."
}

fetch_native() {
  local platform log python=/usr/bin/python3
  [[ -x $python ]] || python=$(command -v python3) || stop "python3 is needed to fetch the native libraries."
  case "$(uname -s) $(uname -m)" in
    "Linux x86_64") platform=manylinux_2_28_x86_64 ;;
    "Linux aarch64" | "Linux arm64") platform=manylinux_2_28_aarch64 ;;
    *) stop "there are no pinned DuckDB and HiGHS for $(uname -s) on $(uname -m); Linux on x86-64 or aarch64 is needed." ;;
  esac
  mkdir -p "$native"
  work=$(mktemp -d "$native/fetch.XXXXXX")
  say "Fetching native libraries: $(sed -n 's/^\([a-z0-9]*==[0-9.]*\).*/\1/p' "$pins" | tr '\n' ' ')"
  log="$work/log"
  if ! "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --platform "$platform" --python-version 311 --implementation cp --require-hashes --requirement "$pins" \
    --dest "$work" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    stop "DuckDB and HiGHS could not be fetched, or a checksum is not the pinned one (see above)." \
      "Check the network, then run the same command again."
  fi
  "$python" - "$work" <<'PYTHON'
import glob, os, sys, zipfile
work = sys.argv[1]

def take(package, start, end, library):
    [wheel] = glob.glob(os.path.join(work, package + "-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.startswith(start) and n.endswith(end)]
        with archive.open(name) as source, open(os.path.join(work, library), "wb") as target:
            while block := source.read(1 << 20):
                target.write(block)

take("duckdb", "_duckdb", ".so", "libduckdb.so")
take("highspy", "highspy/libhighs", ".so.1", "libhighs.so.1")
PYTHON
  build_stubs "$work/libduckdb.so" "$work/libpystubs.so"
  rm -f "$native/stamp"
  mv "$work/libduckdb.so" "$work/libpystubs.so" "$work/libhighs.so.1" "$native/"
  wanted_stamp >"$work/stamp"
  mv "$work/stamp" "$native/stamp"
}

# --- All of it -------------------------------------------------------------------------------------------------------

find_swift
install_packages
check_swift_version
if ! is_complete; then
  mkdir -p "$native"
  # Two commands started at once must not fetch into the same folder.
  exec 9>"$native/lock"
  flock 9
  is_complete || fetch_native
fi
