"""Gradient boosting alone, against XGBoost and LightGBM: time, memory, and whether the models are equally good.

Every run is a fresh process; contenders take turns, so a slow minute of the machine hits all of them. Medians over the
repeats. Runs are kept in output/boosting.json; `--only assay` repeats one contender and reuses the others' runs."""

import argparse
import sys

from boosting_data import prepare
from common import (ASSAY, HERE, Failed, load_results, machine, markdown, median, number, run_json, save_results, say,
                    warn_if_busy, write_table)

CONTENDERS = {
    "assay": "Assay",
    "xgboost": "XGBoost",
    "lightgbm": "LightGBM",
    "lightgbm-quantised": "LightGBM, quantised gradients",
}


def command(contender, train, test, options, threads):
    if contender == "assay":
        return [
            ASSAY, "bench", "boosting", "--data", train, "--test", test, "--target", "label", "--trees", options.trees,
            "--leaves", options.leaves, "--bins", options.bins, "--rate", options.rate, "--threads", threads, "--json"]
    return [
        sys.executable, HERE / "boosting_peer.py", contender, train, test, options.trees, options.leaves, options.bins,
        options.rate, threads]


def table(runs, threads):
    def total(contender):
        values = runs.get(f"{contender}/{threads}", [])
        return median([{"t": run["bin_s"] + run["train_s"]} for run in values], "t")

    ours = total("assay")
    rows = []
    for contender, title in CONTENDERS.items():
        values = runs.get(f"{contender}/{threads}", [])
        if not values:
            continue
        version = values[-1].get("version")
        fitting = total(contender)
        predicting = median(values, "predict_s")
        our_predicting = median(runs.get(f"assay/{threads}", []), "predict_s")
        rows.append([
            f"{title} {version}" if version else title,
            number(median(values, "load_s")), number(median(values, "bin_s")), number(median(values, "train_s")),
            number(fitting / ours if ours else None) if contender != "assay" else "1",
            number(median(values, "predict_s"), 3),
            number(predicting / our_predicting if our_predicting else None) if contender != "assay" else "1",
            number(median(values, "peak_mb"), 0), number(median(values, "logloss"), 5),
            number(median(values, "auc"), 5), len(values)])
    header = [
        f"{threads} thread" + ("s" if threads > 1 else ""), "load s", "bin s", "train s", "bin + train, ratio to ours",
        "predict s", "ratio to ours", "peak MB", "log loss", "AUC", "runs"]
    return markdown(header, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--test-rows", type=int, default=200_000)
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--leaves", type=int, default=63)
    parser.add_argument("--bins", type=int, default=255)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--keep", action="store_true", help="add to the earlier runs instead of replacing them")
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()

    train, test = prepare(options.rows, options.test_rows)
    name = "boosting" if options.rows == 1_000_000 else f"boosting-{options.rows}"
    runs = load_results(name)
    if not options.keep:
        for contender in options.only:
            for threads in options.threads:
                runs.pop(f"{contender}/{threads}", None)
    failed = set()
    for repeat in range(options.repeats):
        for threads in options.threads:
            for contender in options.only:
                if contender in failed:
                    continue
                warn_if_busy()
                try:
                    run = run_json(
                        command(contender, train, test, options, threads), {"OMP_NUM_THREADS": str(threads)})
                except Failed as failure:
                    say(f"{CONTENDERS[contender]} failed: {failure}")
                    failed.add(contender)
                    continue
                runs.setdefault(f"{contender}/{threads}", []).append(run)
                say(f"{contender}, {threads} threads: bin {run['bin_s']:.2f} s, train {run['train_s']:.2f} s, "
                    f"predict {run['predict_s']:.3f} s, log loss {run['logloss']:.5f}, {run['peak_mb']:.0f} MB")
                save_results(name, runs)
    text = (
        f"{options.rows:,} rows of 28 numbers, {options.trees} trees of {options.leaves} leaves, {options.bins} bins, "
        f"rate {options.rate}; {options.test_rows:,} test rows; medians of fresh processes, taking turns.\n\n")
    text += "\n\n".join(table(runs, threads) for threads in sorted(options.threads, reverse=True))
    print(text)
    if name == "boosting" and not options.no_table:
        write_table("boosting", text, "make bench TABLES=boosting")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
