"""One peer on one table in a fresh process: tabular_peer.py PEER FOLDER RESULT.npz, prints JSON.

Peers: lightgbm and sklearn (histogram boosting) with their defaults, texts as categories and dates as day numbers;
autogluon as "medium_quality" within sixty seconds, told which loss is measured. All get two threads."""

import json
import pathlib
import shutil
import sys
import time

import numpy as np
import pandas as pd

from common import peak_megabytes
from tabular_data import load

THREADS = 2
BUDGET = 60


def as_features(train, test, most_categories=None):
    """Texts become categories known from training; dates become day numbers."""
    train, test = train.copy(), test.copy()
    for name in train.columns:
        if pd.api.types.is_numeric_dtype(train[name]):
            continue
        sample = train[name].dropna().astype(str)
        if len(sample) and sample.str.fullmatch(r"\d{4}-\d{2}-\d{2}").all():
            for part in (train, test):
                part[name] = pd.to_datetime(part[name]).astype("datetime64[s]").astype("int64") // 86_400
            continue
        levels = sorted(sample.unique())
        kind = pd.CategoricalDtype(levels)
        for part in (train, test):
            part[name] = part[name].astype(str).where(part[name].notna()).astype(kind)
            if most_categories and len(levels) > most_categories:
                part[name] = part[name].cat.codes.replace(-1, np.nan)
    return train, test


def lightgbm(train, label, test, task):
    import lightgbm as library
    train, test = as_features(train, test)
    # LightGBM refuses some characters in names.
    train.columns = test.columns = [f"c{i}" for i in range(train.shape[1])]
    kind = library.LGBMRegressor if task == "regression" else library.LGBMClassifier
    start = time.perf_counter()
    model = kind(n_jobs=THREADS, verbose=-1).fit(train, label)
    return library.__version__, model, test, time.perf_counter() - start


def sklearn(train, label, test, task):
    import sklearn as library
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    train, test = as_features(train, test, most_categories=255)
    kind = HistGradientBoostingRegressor if task == "regression" else HistGradientBoostingClassifier
    start = time.perf_counter()
    model = kind(categorical_features="from_dtype", random_state=0).fit(train, label)
    return library.__version__, model, test, time.perf_counter() - start


def autogluon(train, label, test, task, folder):
    import importlib.metadata
    from autogluon.tabular import TabularPredictor
    metric = "root_mean_squared_error" if task == "regression" else "log_loss"
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    predictor = TabularPredictor(
        label="__label__", problem_type=task, eval_metric=metric, path=str(folder), verbosity=0)
    predictor.fit(
        train.assign(__label__=label), presets="medium_quality", time_limit=BUDGET, num_cpus=THREADS, num_gpus=0)
    return importlib.metadata.version("autogluon.tabular"), predictor, test, time.perf_counter() - start


def main():
    peer, folder, result = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    description, train, test = load(folder)
    target, task = description["target"], description["task"]
    label = train.pop(target)
    test = test.drop(columns=[target])
    if peer == "autogluon":
        version, model, test, seconds = autogluon(train, label, test, task, folder / "autogluon-models")
    else:
        version, model, test, seconds = {"lightgbm": lightgbm, "sklearn": sklearn}[peer](train, label, test, task)
    start = time.perf_counter()
    if task == "regression":
        prediction = np.asarray(model.predict(test), dtype=np.float64)
    elif peer == "autogluon":
        prediction = model.predict_proba(test)[description["classes"]].to_numpy(dtype=np.float64)
    else:
        columns = [list(model.classes_).index(name) for name in description["classes"]]
        prediction = model.predict_proba(test)[:, columns]
    predict_s = time.perf_counter() - start
    np.savez_compressed(result, prediction=prediction)
    if peer == "autogluon":
        shutil.rmtree(folder / "autogluon-models", ignore_errors=True)
    print(json.dumps(
        {"version": version, "train_s": seconds, "predict_s": predict_s, "peak_mb": peak_megabytes()}))


if __name__ == "__main__":
    main()
