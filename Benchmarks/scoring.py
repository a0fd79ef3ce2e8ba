"""The measures of the tabular benchmark and the test whether two contenders differ."""

import numpy as np


def losses(task, classes, truth, prediction):
    """The loss of each row: squared error, or minus the log of the true class's probability."""
    if task == "regression":
        return (prediction - truth.astype(float)) ** 2
    position = {name: index for index, name in enumerate(classes)}
    rows = np.array([position[name] for name in truth])
    total = prediction.sum(axis=1)
    return -np.log(np.clip(prediction[np.arange(len(rows)), rows] / total, 1e-15, 1))


def score(task, losses):
    """The measure that is compared: RMSE, or log loss; smaller is better."""
    return float(np.sqrt(losses.mean()) if task == "regression" else losses.mean())


def area_under_roc(truth, probability):
    """The probability that a positive row has the larger score, ties as a half."""
    order = np.argsort(probability, kind="stable")
    _, inverse, counts = np.unique(probability[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = np.empty(len(order))
    ranks[order] = ((ends - counts + 1 + ends) / 2)[inverse]
    positives = truth.sum()
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * (~truth).sum()))


def paired_interval(task, ours, theirs, resamples=2000, seed=7):
    """The 95 % interval of our measure minus theirs, over bootstrap samples of the test rows (the same for both)."""
    random = np.random.default_rng(seed)
    differences = np.empty(resamples)
    for index in range(resamples):
        rows = random.integers(0, len(ours), len(ours))
        differences[index] = score(task, ours[rows]) - score(task, theirs[rows])
    return float(np.quantile(differences, 0.025)), float(np.quantile(differences, 0.975))


def verdict(lower, upper):
    return "better" if upper < 0 else "worse" if lower > 0 else "no difference"
