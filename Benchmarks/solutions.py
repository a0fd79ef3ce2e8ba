"""The solutions on real data, as a user runs them: `assay new --set`, `assay run`; and forecasts by their own protocols.

Settings are the solutions' defaults and those that each data set's mapping brings. The
published figures are those of the data sets' cards (`assay data show NAME`). LightGBM runs with its defaults on the same
rows and columns."""

import argparse
import csv
import datetime
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from common import ASSAY, DATA, OUTPUT, Failed, load_results, markdown, number, run_json, save_results, say, \
    warn_if_busy, write_table

FOLDER = OUTPUT / "solutions"


def assay(*words):
    answer = subprocess.run([str(word) for word in (ASSAY, *words)], capture_output=True, text=True)
    if answer.returncode:
        raise Failed(f"assay {' '.join(map(str, words))}: {answer.stderr[-500:]}")
    return answer.stdout


def project(name, solution, data_set, change=lambda text: text):
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    assay("new", solution, folder, "--set", data_set, "--from", DATA)
    settings = folder / "solution.yaml"
    settings.write_text(change(settings.read_text()))
    return folder


def run(folder, budget, seed=7):
    start = time.perf_counter()
    results = json.loads(assay("run", folder, "--budget", budget, "--threads", 2, "--seed", seed, "--json"))
    measures = {measure["name"]: measure["value"]["value"] for measure in results["measures"]}
    measures["seconds"] = time.perf_counter() - start
    return measures


def handbook(results, options):
    """Card fraud, with the file's own history columns, and from the raw columns alone."""
    given = ["TX_DURING_WEEKEND", "TX_DURING_NIGHT"] + [
        f"{entity}_{kind}_{days}DAY_WINDOW" for entity, kinds in (
            ("CUSTOMER_ID", ("NB_TX", "AVG_AMOUNT")), ("TERMINAL_ID", ("NB_TX", "RISK")))
        for kind in kinds for days in (1, 7, 30)]
    folder = project("fdh", "fraud", "fdh-card-fraud")
    results["fdh"] = run(folder, options.budget)
    results["fdh"]["streamed-per-second"] = streamed_rate(folder)

    def raw(text):
        return text.replace("exclude: ", "exclude: " + ", ".join(given) + ", ")

    results["fdh raw"] = run(project("fdh-raw", "fraud", "fdh-card-fraud", raw), options.budget)


def streamed_rate(folder, shift=datetime.timedelta(weeks=6)):
    """Payments per second of `assay predict` from file to file, histories and model: the project's own payments once
    more, moved behind the last one."""
    later, scored = folder / "later.csv", folder / "scored.csv"
    with open(folder / "data.csv", newline="") as source, open(later, "w", newline="") as target:
        rows, writer = csv.reader(source), csv.writer(target)
        header = next(rows)
        writer.writerow(header)
        place, count = header.index("TX_DATETIME"), 0
        for row in rows:
            row[place] = str(datetime.datetime.fromisoformat(row[place]) + shift)
            writer.writerow(row)
            count += 1
    times = []
    for _ in range(3):
        start = time.perf_counter()
        assay("predict", folder, later, "--output", scored, "--threads", 2)
        times.append(time.perf_counter() - start)
    for path in (later, scored):
        path.unlink()
    return count / statistics.median(times)


def claims(results, options):
    import lightgbm
    import pandas
    from sklearn.metrics import average_precision_score, roc_auc_score

    folder = project("carclaims", "fraud", "carclaims-fraud")
    results["carclaims"] = run(folder, options.budget)
    table = pandas.read_csv(folder / "data.csv")
    labels = (table["FraudFound"] == "Yes").astype(int)
    inputs = table.drop(columns=["FraudFound", "split", "PolicyNumber", "claimed"])
    for column in inputs.select_dtypes(exclude="number"):
        inputs[column] = inputs[column].astype("category")
    inputs.columns = [f"c{index}" for index in range(inputs.shape[1])]
    is_test = table["split"] == "test"
    model = lightgbm.LGBMClassifier(n_jobs=2, verbose=-1).fit(inputs[~is_test], labels[~is_test])
    scores = model.predict_proba(inputs[is_test])[:, 1]
    results["carclaims LightGBM"] = {
        "pr-auc": average_precision_score(labels[is_test], scores), "roc-auc": roc_auc_score(labels[is_test], scores)}


def engines(results, options):
    folder = project("engines", "maintenance", "cmapss-fd001")
    runs = [run(folder, options.budget, seed) for seed in range(1, options.seeds + 1)]
    results["engines"] = {
        f"{name} {kind}": function([one[name] for one in runs])
        for name in ("rmse", "asymmetric-score", "rmse-uncapped", "asymmetric-score-uncapped", "coverage", "seconds")
        for kind, function in (("mean", statistics.mean), ("least", min), ("most", max))}


def milling(results, options):
    """Five stratified folds, each a run of the project with its parts given; the peer has the same rows, with the raw
    columns and with those that the project derives."""
    import lightgbm
    import pandas
    from sklearn.metrics import average_precision_score
    from sklearn.model_selection import StratifiedKFold

    folder = project("milling", "maintenance", "ai4i2020", lambda text: text.replace("  # part:", "  part: part"))
    table = pandas.read_csv(folder / "data.csv")
    target = table["Machine_failure"]
    raw = table[["Type"] + [name for name in table.columns if "[" in name]].copy()
    raw["Type"] = raw["Type"].astype("category")
    derived = raw.assign(
        power=raw["Torque [Nm]"] * raw["Rotational speed [rpm]"], strain=raw["Torque [Nm]"] * raw["Tool wear [min]"],
        heat=raw["Process temperature [K]"] - raw["Air temperature [K]"])
    ours, peers = [], {"theirs": [], "theirs, derived columns": []}
    for fold, (train, test) in enumerate(StratifiedKFold(5, shuffle=True, random_state=1).split(table, target)):
        parts = pandas.Series("train", index=table.index)
        parts.iloc[test] = "test"
        table.assign(part=parts).to_csv(folder / "data.csv", index=False)
        ours.append(run(folder, options.short))
        for (name, scores), inputs in zip(peers.items(), (raw, derived)):
            inputs = inputs.set_axis([f"c{index}" for index in range(inputs.shape[1])], axis=1)
            model = lightgbm.LGBMClassifier(n_jobs=2, verbose=-1).fit(inputs.iloc[train], target.iloc[train])
            scores.append(average_precision_score(target.iloc[test], model.predict_proba(inputs.iloc[test])[:, 1]))
        say("milling, fold", fold, ours[-1]["pr-auc"], *(scores[-1] for scores in peers.values()))
    results["milling"] = {name: statistics.mean(scores) for name, scores in peers.items()}
    results["milling"]["ours"] = statistics.mean(one["pr-auc"] for one in ours)
    for name in sorted(set.union(*(set(one) for one in ours))):
        found = [one[name] for one in ours if name in one]
        results["milling"][name] = statistics.mean(found)


def forecasts(results, options):
    for name in ("m4-hourly", "m4-weekly"):
        results[name] = run_json([ASSAY, "bench", "forecast", "--set", name, "--from", DATA, "--threads", 2, "--json"])
    for horizon in (96, 192, 336, 720):
        results[f"etth1 {horizon}"] = run_json([
            ASSAY, "bench", "forecast", "--set", "etth1", "--horizon", horizon, "--from", DATA, "--threads", 2, "--json"])
    results["months"] = run_json([
        ASSAY, "bench", "forecast", "--set", "months", "--count", 10_000, "--threads", 2, "--json"])


def calls(results, options):
    results["calls"] = run(project("calls", "capacity", "bank-call-arrivals"), options.budget)


PARTS = {"handbook": handbook, "claims": claims, "engines": engines, "milling": milling, "forecasts": forecasts,
         "calls": calls}


def text(results):
    rows = []

    def add(what, measure, value, bar, published, digits=3):
        if value is not None:
            rows.append([what, measure, number(value, digits), bar, published])

    for key, words in (("fdh", "card fraud, with the file's history columns"),
                       ("fdh raw", "card fraud, raw columns alone")):
        found = results.get(key, {})
        add(words, "average precision", found.get("pr-auc"), "0.68", "0.658 (random forest)")
        add("", "card precision at 100", found.get("card-precision"), "0.30", "0.291 (logistic regression)")
        add("", "AUC", found.get("roc-auc"), "0.88", "0.871 (logistic regression)")
        add("", "seconds", found.get("seconds"), "", "", 0)
        rate = found.get("streamed-per-second")
        add("", "payments a second, file to file, histories and model", rate and round(rate, -3), "20,000", "", 0)
    if "carclaims" in results:
        peer = results["carclaims LightGBM"]
        add("car insurance claims, 1996", "average precision", results["carclaims"]["pr-auc"], "above LightGBM",
            f"{number(peer['pr-auc'], 3)} (LightGBM)")
        add("", "AUC", results["carclaims"]["roc-auc"], "above LightGBM", f"{number(peer['roc-auc'], 3)} (LightGBM)")
    if "engines" in results:
        found = results["engines"]
        for name, words, bar, published in (
                ("rmse", "RMSE, truth up to 125", "12.6", "12.61 (DCNN)"),
                ("asymmetric-score", "score, truth up to 125", "274", "273.7 (DCNN)"),
                ("rmse-uncapped", "RMSE, whole truth", "", ""),
                ("asymmetric-score-uncapped", "score, whole truth", "", ""),
                ("coverage", "share within 90 % intervals", "0.9", ""), ("seconds", "seconds", "300", "")):
            digits = 0 if "score" in name or name == "seconds" else 2
            spread = f"{number(found[f'{name} least'], digits)} to {number(found[f'{name} most'], digits)}"
            rows.append(["turbofan engines FD001, mean and range of 5 seeds" if name == "rmse" else "", words,
                         f"{number(found[f'{name} mean'], digits)} ({spread})", bar, published])
    if "milling" in results:
        found = results["milling"]
        add("milling machine, 5 folds", "PR-AUC", found["ours"], "above LightGBM",
            f"{number(found['theirs'], 3)} (LightGBM)")
        add("", "the same, LightGBM with the derived columns too", found["ours"], "",
            f"{number(found.get('theirs, derived columns', float('nan')), 3)} (LightGBM)")
        add("", "failures whose mode is named rightly", found.get("mode-accuracy"), "",
            f"{number(found.get('mode-accuracy-majority', float('nan')), 3)} (most frequent mode)")
        for mode in ("TWF", "HDF", "PWF", "OSF"):
            add("", f"PR-AUC of the mode {mode}", found.get(f"pr-auc {mode}"), "", "")
    for name, bar, published in (("m4-hourly", "0.48", "0.410 (Doornik et al.)"),
                                 ("m4-weekly", "0.80", "0.751 (Petropoulos, Svetunkov)")):
        if name in results:
            add(name.replace("m4-", "M4, "), "OWA", results[name]["owa"], bar, published)
            add("", "share within 90 % intervals", results[name]["coverage_90"], "0.9", "")
            add("", "seconds", results[name]["seconds"], "", "", 0)
    for horizon, published in ((96, 0.375), (192, 0.405), (336, 0.439), (720, 0.472)):
        found = results.get(f"etth1 {horizon}")
        if found:
            add(f"transformer temperature, {horizon} hours", "MSE", found["mse"], number(published, 3),
                f"{published:.3f} (DLinear)")
    if "months" in results:
        add("10,000 simulated monthly series, four statistical methods each", "seconds", results["months"]["seconds"],
            "60", "", 0)
    if "calls" in results:
        found = results["calls"]
        add("calls of a bank, the last four weeks by half hours", "mean absolute error of all calls",
            found["total-mae"], "",
            f"{number(found['total-mae-season-mean'], 1)} (mean of the same weekday), "
            f"{number(found['total-mae-last-season'], 1)} (same time last week)", 1)
        add("", "root mean squared error of all calls", found["total-rmse"], "",
            f"{number(found['total-rmse-season-mean'], 1)} (mean of the same weekday)", 1)
        add("", "share within 90 % intervals", found["coverage"], "0.9", "")
        add("", "calls of those weeks answered in time with the rosters made", found["proven-answered"], "",
            f"{number(found['proven-answered-season-mean'], 3)} (rosters from the mean of the same weekday)")
        add("", "cost of the next week's shifts, EUR", found["roster-cost"], "", "", 0)
    return markdown(["data", "measure", "Assay", "bar", "published, or peer"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=list(PARTS))
    parser.add_argument("--budget", default="180s")
    parser.add_argument("--short", default="30s", help="the budget of each fold of the milling machine")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    if not pathlib.Path(DATA).exists():
        say(f"skipped: there is no folder {DATA}; ASSAY_DATA names the one with the data sets")
        return 0
    warn_if_busy()
    results = load_results("solutions")
    status = 0
    for part in options.parts:
        try:
            PARTS[part](results, options)
            save_results("solutions", results)
        except Failed as error:
            say(f"{part} failed: {error}")
            status = 1
    table = text(results)
    print(table)
    if not options.no_table:
        write_table("solutions", table, "make bench TABLES=solutions")
    return status


if __name__ == "__main__":
    sys.exit(main())
