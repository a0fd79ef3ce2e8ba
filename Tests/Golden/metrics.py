"""Makes metrics.json: labels, predictions and what scikit-learn says about them.

Made with Python 3.11, numpy 2.4.6, scikit-learn 1.9.1, seed 20260707: `python Tests/Golden/metrics.py`.
"""

import json
import pathlib

import numpy as np
from sklearn import metrics as m
from sklearn.isotonic import IsotonicRegression

random = np.random.default_rng(20260707)
cases = []


def case(name, task, labels, predictions, weights, values, groups=None):
    cases.append(
        {
            "name": name,
            "classes": task,
            "labels": [float(v) for v in labels],
            "predictions": [float(v) for v in np.asarray(predictions).ravel()],
            "weights": None if weights is None else [float(v) for v in weights],
            "groups": None if groups is None else [int(v) for v in groups],
            "values": {k: float(v) for k, v in values.items()},
        }
    )


def binary(name, labels, scores, weights):
    hard = (scores > 0.5).astype(int)
    both = np.column_stack([1 - scores, scores])
    values = {
        "log-loss": m.log_loss(labels, both, sample_weight=weights, labels=[0, 1]),
        "brier": m.brier_score_loss(labels, scores, sample_weight=weights),
        "roc-auc": m.roc_auc_score(labels, scores, sample_weight=weights),
        "pr-auc": m.average_precision_score(labels, scores, sample_weight=weights),
        "f1": m.f1_score(labels, hard, sample_weight=weights),
        "accuracy": m.accuracy_score(labels, hard, sample_weight=weights),
        "balanced-accuracy": m.balanced_accuracy_score(labels, hard, sample_weight=weights),
    }
    case(name, 2, labels, both, weights, values)


def multiclass(name, labels, scores, weights):
    hard = scores.argmax(axis=1)
    classes = scores.shape[1]
    values = {
        "log-loss": m.log_loss(labels, scores, sample_weight=weights, labels=range(classes)),
        "brier": m.brier_score_loss(labels, scores, sample_weight=weights, labels=list(range(classes))),
        "roc-auc": m.roc_auc_score(labels, scores, multi_class="ovr", average="macro", sample_weight=weights),
        "pr-auc": np.mean(
            [m.average_precision_score(labels == k, scores[:, k], sample_weight=weights) for k in range(classes)]
        ),
        "f1": m.f1_score(labels, hard, average="macro", sample_weight=weights),
        "accuracy": m.accuracy_score(labels, hard, sample_weight=weights),
        "balanced-accuracy": m.balanced_accuracy_score(labels, hard, sample_weight=weights),
    }
    case(name, classes, labels, scores, weights, values)


def regression(name, labels, predictions, weights):
    values = {
        "rmse": m.root_mean_squared_error(labels, predictions, sample_weight=weights),
        "mae": m.mean_absolute_error(labels, predictions, sample_weight=weights),
        "mape": m.mean_absolute_percentage_error(labels, predictions, sample_weight=weights),
        "r2": m.r2_score(labels, predictions, sample_weight=weights),
        "pinball": m.mean_pinball_loss(labels, predictions, sample_weight=weights, alpha=0.5),
    }
    case(name, 1, labels, predictions, weights, values)


count = 160
weights = random.integers(1, 5, count) / 2
for ties in (False, True):
    labels = random.integers(0, 2, count)
    scores = np.clip(0.3 * labels + 0.35 + 0.3 * random.normal(size=count), 0.01, 0.99)
    if ties:
        scores = np.clip(np.round(scores, 1), 0.1, 0.9)  # the clipping of 0 and 1 in log loss is not compared
    name = "ties" if ties else "no ties"
    binary(f"binary, {name}", labels, scores, None)
    binary(f"binary, {name}, weights", labels, scores, weights)
    labels = random.integers(0, 4, count)
    raw = random.normal(size=(count, 4)) + 1.5 * np.eye(4)[labels]
    if ties:
        raw = np.round(raw)
    scores = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    multiclass(f"four classes, {name}", labels, scores, None)
    multiclass(f"four classes, {name}, weights", labels, scores, weights)
    labels = 1000 + 5 * random.normal(size=count)
    predictions = 1000 + 0.7 * (labels - 1000) + random.normal(size=count)
    regression(f"regression, {name}", labels, np.round(predictions) if ties else predictions, None)
    regression(f"regression, {name}, weights", labels, np.round(predictions) if ties else predictions, weights)

    groups = np.repeat(np.arange(10), 16)
    relevance = random.integers(0, 4, count) * (random.uniform(size=count) < 0.5)
    scores = 0.5 * relevance + random.normal(size=count)
    if ties:
        scores = np.round(scores)
    gains = 2.0**relevance - 1
    ndcg = np.mean([m.ndcg_score([gains[groups == g]], [scores[groups == g]], k=10) for g in range(10)])
    case(f"ranking, {name}", 1, relevance, scores, None, {"ndcg": ndcg}, groups)
    hits = relevance > 0
    # With ties averaged precision counts every row of the tie, as scikit-learn's label ranking measure does.
    mean_precision = np.mean(
        [m.label_ranking_average_precision_score([hits[groups == g]], [scores[groups == g]]) for g in range(10)]
    )
    case(
        f"retrieval, {name}", 2, hits.astype(int), np.column_stack([-scores, scores]), None, {"map": mean_precision},
        groups,
    )

points = random.normal(size=(60, 3))
first = random.integers(0, 4, 60)
points[:, 0] += 2 * first
second = np.where(random.uniform(size=60) < 0.6, first, random.integers(0, 3, 60))
clustering = {
    "points": points.ravel().tolist(),
    "first": first.tolist(),
    "second": second.tolist(),
    "silhouette": m.silhouette_score(points, first),
    "adjusted-rand": m.adjusted_rand_score(first, second),
}

x = np.round(random.uniform(size=80), 1)
y = (random.uniform(size=80) < x).astype(float)
w = random.integers(1, 4, 80).astype(float)
steps = IsotonicRegression(out_of_bounds="clip").fit(x, y, sample_weight=w)
queries = np.linspace(-0.1, 1.1, 25)
isotonic = {
    "x": x.tolist(),
    "y": y.tolist(),
    "weights": w.tolist(),
    "queries": queries.tolist(),
    "values": steps.predict(queries).tolist(),
}

text = json.dumps({"cases": cases, "clustering": clustering, "isotonic": isotonic})
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
