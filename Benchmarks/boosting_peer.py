"""One run of one peer in a fresh process: boosting_peer.py PEER TRAIN TEST TREES LEAVES BINS RATE THREADS, prints JSON.

Peers: xgboost (hist, leaf-wise), lightgbm, lightgbm-quantised (quantised gradients). Early stopping is off, parameters
that are not named keep the library's defaults."""

import json
import sys
import time

import numpy as np
import pyarrow.parquet as pq

from common import peak_megabytes

peer, train_file, test_file = sys.argv[1:4]
trees, leaves, bins = (int(word) for word in sys.argv[4:7])
rate, threads = float(sys.argv[7]), int(sys.argv[8])
if peer == "xgboost":
    import xgboost as library
else:
    import lightgbm as library
imported = peak_megabytes()


def load(path):
    # Column by column into one matrix: no second copy of the table is ever held.
    file = pq.ParquetFile(path)
    names = [name for name in file.schema_arrow.names if name != "label"]
    features = np.empty((file.metadata.num_rows, len(names)), dtype=np.float32)
    for index, name in enumerate(names):
        features[:, index] = file.read(columns=[name]).column(0).to_numpy()
    return features, file.read(columns=["label"]).column(0).to_numpy().astype(np.float32)


def timed(work):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


(features, label), load_s = timed(lambda: load(train_file))

if peer == "xgboost":
    parameters = {
        "objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_depth": 0,
        "max_leaves": leaves, "max_bin": bins, "eta": rate, "nthread": threads, "verbosity": 0,
    }
    data, bin_s = timed(lambda: library.QuantileDMatrix(features, label, max_bin=bins, nthread=threads))
    model, train_s = timed(lambda: library.train(parameters, data, num_boost_round=trees))
else:
    parameters = {
        "objective": "binary", "num_leaves": leaves, "max_bin": bins, "learning_rate": rate,
        "num_threads": threads, "verbosity": -1, "use_quantized_grad": peer == "lightgbm-quantised",
    }
    data, bin_s = timed(lambda: library.Dataset(features, label, params=parameters).construct())
    model, train_s = timed(lambda: library.train(parameters, data, num_boost_round=trees))
peak = peak_megabytes()
del data, features

test_features, test_label = load(test_file)
if peer == "xgboost":
    model.set_param({"nthread": threads})
    # In place: without the cost of a second matrix format.
    probability, predict_s = timed(lambda: model.inplace_predict(test_features))
else:
    probability, predict_s = timed(lambda: model.predict(test_features, num_threads=threads))

clipped = np.clip(probability.astype(np.float64), 1e-15, 1 - 1e-15)
logloss = -np.mean(np.where(test_label > 0, np.log(clipped), np.log(1 - clipped)))
order = np.argsort(clipped, kind="stable")
ranks = np.empty(len(order))
values, inverse, counts = np.unique(clipped[order], return_inverse=True, return_counts=True)
ends = np.cumsum(counts)
ranks[order] = ((ends - counts + 1 + ends) / 2)[inverse]
positives = test_label.sum()
area = (ranks[test_label > 0].sum() - positives * (positives + 1) / 2) / (positives * (len(order) - positives))
print(json.dumps({
    "load_s": load_s, "bin_s": bin_s, "train_s": train_s, "predict_s": predict_s, "peak_mb": peak,
    "import_mb": imported, "logloss": float(logloss), "auc": float(area), "version": library.__version__,
}))
