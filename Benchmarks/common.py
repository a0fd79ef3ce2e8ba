"""What the benchmarks share: the machine in words, fresh processes, cached results, the tables of BENCHMARKS.md."""

import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HERE = ROOT / "Benchmarks"
OUTPUT = HERE / "output"
REPORT = ROOT / "BENCHMARKS.md"
ASSAY = pathlib.Path(os.environ.get("ASSAY_PROGRAM", ROOT / ".build" / "release" / "assay"))
DATA = pathlib.Path(os.environ.get("ASSAY_DATA", ROOT.parent / "shared" / "data"))


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def machine():
    """Processor, cores, memory and system of this machine."""
    processor = platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    kilobytes = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1])
    release = {}
    for line in pathlib.Path("/etc/os-release").read_text().splitlines():
        name, _, value = line.partition("=")
        release[name] = value.strip('"')
    cores = len(os.sched_getaffinity(0))
    flags = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    flags = set(flags[1].split()) if flags else set()
    wide = next((f" with {name}" for name, flag in (("AVX-512", "avx512f"), ("AVX2", "avx2")) if flag in flags), "")
    return f"{processor}{wide}, {cores} cores, {kilobytes / 1e6:.0f} GB, {release.get('PRETTY_NAME', platform.system())}"


def warn_if_busy():
    load = os.getloadavg()[0]
    if load > 0.7:
        say(f"warning: the machine is busy (load {load:.1f}); timings will be worse than they should be")


def assay_version():
    answer = subprocess.run([ASSAY, "--version"], capture_output=True, text=True)
    version = answer.stdout.strip()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return f"{version or 'unreleased'} ({commit.stdout.strip()})"


class Failed(Exception):
    """A contender did not answer; the others go on."""


def run_json(command, environment=None):
    """Runs a fresh process and reads the JSON object that it prints last."""
    answer = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, env={**os.environ, **(environment or {})})
    if answer.returncode != 0:
        raise Failed(f"{' '.join(str(word) for word in command)}\n{answer.stderr[-2000:]}")
    text = answer.stdout.strip()
    try:
        return json.loads(text[text.index("{"):])
    except ValueError as error:
        raise Failed(f"{' '.join(str(word) for word in command)} printed no JSON: {text[:300]}") from error


def peak_megabytes():
    """The largest resident memory of this process so far, as the kernel counted it."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e6


def load_results(name):
    path = OUTPUT / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def save_results(name, results):
    OUTPUT.mkdir(parents=True, exist_ok=True)
    path = OUTPUT / f"{name}.json"
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
    temporary.rename(path)


def median(runs, key):
    values = [run[key] for run in runs if run.get(key) is not None]
    return statistics.median(values) if values else None


def number(value, digits=2):
    return "" if value is None else f"{value:,.{digits}f}"


def markdown(header, rows):
    """A Markdown table; the first column is text, the others are numbers."""
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def write_table(name, text, repeat):
    """Replaces what stands between `<!-- table:NAME -->` and `<!-- /table:NAME -->`; adds both where they are not."""
    body = f"{text}\n\n*Assay {assay_version()}. {machine()}. Repeat with `{repeat}`.*"
    start, end = f"<!-- table:{name} -->", f"<!-- /table:{name} -->"
    page = REPORT.read_text() if REPORT.exists() else "# Benchmarks\n"
    if start not in page or end not in page:
        page = page.rstrip("\n") + f"\n\n{start}\n{end}\n"
    before, rest = page.split(start, 1)
    after = rest.split(end, 1)[1]
    REPORT.write_text(f"{before}{start}\n{body}\n{end}{after}")
    say(f"wrote the table \"{name}\" of {REPORT.name}")
