"""`assay train` on thirteen real tables against LightGBM's and scikit-learn's defaults and AutoGluon.

Each contender fits the same training file and predicts the same test file; one scorer measures all. Results are kept in
output/tabular, so a part can be repeated: `tabular.py --peers assay --tables adult letter`; `--missing` runs only what
was never run; no run at all with `--peers none` (rewrites the table)."""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import time

import numpy as np
import pandas as pd

import scoring
from common import ASSAY, HERE, Failed, markdown, number, run_json, say, warn_if_busy, write_table
from tabular_data import FOLDER, SUITE, TABLES, load, prepare

PEERS = {
    "assay": "Assay", "lightgbm": "LightGBM defaults", "sklearn": "scikit-learn defaults",
    "autogluon": "AutoGluon medium, 60 s"}
AUTOGLUON_PYTHON = HERE / ".venv-autogluon" / "bin" / "python"


def run_assay(folder, result, options):
    description = json.loads((folder / "task.json").read_text())
    output = folder / "assay-output"
    shutil.rmtree(output, ignore_errors=True)
    command = [
        ASSAY, "train", folder / "train.csv", "--test", folder / "test.csv", "--target", description["target"],
        "--task", description["task"], "--budget", f"{options.budget}s", "--threads", 2, "--json", "--output", output]
    command += [word for allowed in options.allow for word in allowed]
    start = time.perf_counter()
    run_json(command)
    train_s = time.perf_counter() - start
    start = time.perf_counter()
    predicted = folder / "assay-prediction.csv"
    answer = subprocess.run(
        [ASSAY, "predict", output / "model", folder / "test.csv", "--output", predicted],
        capture_output=True, text=True)
    if answer.returncode != 0:
        raise Failed(f"assay predict on {folder.name}: {answer.stderr[-2000:]}")
    predict_s = time.perf_counter() - start
    table = pd.read_csv(predicted)
    if description["task"] == "regression":
        prediction = table["prediction"].to_numpy(dtype=np.float64)
    else:
        prediction = table[[f"probability:{name}" for name in description["classes"]]].to_numpy(dtype=np.float64)
    np.savez_compressed(result, prediction=prediction)
    return {"train_s": train_s, "predict_s": predict_s}


def run(peer, folder, options):
    result = folder / f"{peer}.npz"
    if peer == "assay":
        facts = run_assay(folder, result, options)
    else:
        python = options.autogluon_python if peer == "autogluon" else sys.executable
        facts = run_json([python, HERE / "tabular_peer.py", peer, folder, result])
    (folder / f"{peer}.json").write_text(json.dumps(facts) + "\n")


def measure(name, peers):
    """The scores of all contenders that have predicted a table, with the paired comparison of ours with each."""
    folder = FOLDER / name
    description, _, test = load(folder)
    task, classes = description["task"], description["classes"]
    truth = test[description["target"]].to_numpy()
    losses, results = {}, {}
    for peer in peers:
        if not (folder / f"{peer}.json").exists() or not (folder / f"{peer}.npz").exists():
            continue
        prediction = np.load(folder / f"{peer}.npz")["prediction"]
        if len(prediction) != len(truth) or not np.isfinite(prediction).all():
            say(f"{peer} on {name}: {len(prediction)} predictions for {len(truth)} rows, or not finite; left out")
            continue
        losses[peer] = scoring.losses(task, classes, truth, prediction)
        results[peer] = json.loads((folder / f"{peer}.json").read_text())
        results[peer]["score"] = scoring.score(task, losses[peer])
        if task == "binary":
            results[peer]["auc"] = scoring.area_under_roc(truth == classes[1], prediction[:, 1])
    for peer in results:
        if peer != "assay" and "assay" in losses:
            interval = scoring.paired_interval(task, losses["assay"], losses[peer])
            results[peer]["ours_minus_this"] = interval
            results[peer]["ours_is"] = scoring.verdict(*interval)
    return description, results


def digits(value):
    return 0 if value >= 1000 else 2 if value >= 10 else 4 if value >= 0.01 else 6


def table(measured):
    peers = [peer for peer in PEERS if any(peer in results for _, results in measured.values())]
    versions = {
        peer: next((r[peer].get("version") for _, r in measured.values() if peer in r and r[peer].get("version")), "")
        for peer in peers}
    header = ["table", "rows", "measure"]
    for peer in peers:
        header.append(f"{PEERS[peer]} {versions[peer]}".strip())
        if peer != "assay" and "assay" in peers:
            header.append("ratio to ours")
            header.append("ours is")
    rows = []
    counts = {peer: {"better": 0, "worse": 0, "no difference": 0} for peer in peers}
    for name, (description, results) in measured.items():
        row = [name, number(description["train_rows"], 0),
               "RMSE" if description["task"] == "regression" else "log loss"]
        ours = results.get("assay", {}).get("score")
        for peer in peers:
            value = results.get(peer, {}).get("score")
            row.append("" if value is None else number(value, digits(value)))
            if peer != "assay" and "assay" in peers:
                comparable = ours is not None and value is not None
                row.append(number(value / ours, 3) if comparable and ours > 0 else "")
                outcome = results.get(peer, {}).get("ours_is", "")
                row.append(outcome)
                if outcome:
                    counts[peer][outcome] += 1
        rows.append(row)
    lines = []
    for peer in peers:
        total = sum(counts[peer].values())
        if total:
            ahead = sum(
                1 for _, results in measured.values()
                if peer in results and "assay" in results and results["assay"]["score"] < results[peer]["score"])
            lines.append(
                f"- Against {PEERS[peer]}: ahead on {ahead} of {total} tables; by more than noise better on "
                f"{counts[peer]['better']} and worse on {counts[peer]['worse']}.")
    return markdown(header, rows) + ("\n\n" + "\n".join(lines) if lines else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    parser.add_argument("--peers", nargs="+", choices=[*PEERS, "none"], default=list(PEERS))
    parser.add_argument("--missing", action="store_true", help="run only what has no result yet")
    parser.add_argument("--budget", type=int, default=60, help="seconds for assay train")
    parser.add_argument("--allow", nargs=2, action="append", default=[], metavar=("FINDING", "REASON"),
                        help="passed to assay train as --allow FINDING REASON")
    parser.add_argument("--autogluon-python", type=pathlib.Path, default=AUTOGLUON_PYTHON)
    parser.add_argument("--json", type=pathlib.Path, help="also write all measures to this file")
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    options.allow = [["--allow", finding, reason] for finding, reason in options.allow]
    if not SUITE.is_dir():
        say(f"skipped: there is no folder {SUITE}; set ASSAY_DATA to the folder that holds tabular-suite")
        return 0

    failures = 0
    for name in options.tables:
        folder = prepare(name)
        for peer in options.peers:
            done = (folder / f"{peer}.json").exists()
            if peer == "none" or options.missing and done:
                continue
            if peer == "autogluon" and not options.autogluon_python.exists():
                say(f"autogluon on {name}: skipped, there is no {options.autogluon_python}")
                continue
            warn_if_busy()
            try:
                run(peer, folder, options)
                say(f"{peer} on {name}: done")
            except Failed as failure:
                failures += 1
                say(f"{peer} on {name} failed: {failure}")

    measured = {name: measure(name, PEERS) for name in TABLES if (FOLDER / name / "task.json").exists()}
    measured = {name: value for name, value in measured.items() if value[1]}
    text = table(measured)
    print(text)
    if options.json:
        options.json.write_text(json.dumps(
            {name: {"task": description, "results": results} for name, (description, results) in measured.items()},
            indent=1) + "\n")
    if not options.no_table:
        write_table("tabular", text, "make bench TABLES=tabular")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
