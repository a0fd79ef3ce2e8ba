"""Expected values for the classical estimators, from scikit-learn.

Writes classical.json beside this file. Made with scikit-learn 1.9.1, numpy 2.4.6, Python 3.11. The data are simulated
with seed 20; features and numeric labels are standardised here because Assay's elastic net standardises inside.
"""
import json
import os
import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, PoissonRegressor, Ridge
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import CategoricalNB, GaussianNB, MultinomialNB

warnings.filterwarnings("ignore")
random = np.random.default_rng(20)
rows = 80
mix = random.normal(size=(4, 4))
x = np.round(random.normal(size=(rows, 4)) @ mix + np.array([0, 3, -1, 10]), 4).astype(np.float32).astype(float)
z = (x - x.mean(0)) / x.std(0)
signal = 1.2 * z[:, 0] - 0.8 * z[:, 1] + 0.3 * z[:, 3]
number = np.round(5 + 2 * signal + random.normal(size=rows), 4)
binary = (signal + random.logistic(size=rows) > 0.3).astype(int)
three = np.digitize(signal + random.logistic(size=rows), [-0.8, 0.9])
count = random.poisson(np.exp(0.3 + 0.4 * signal))


def linear(model, y):
    mean, deviation = (number.mean(), number.std()) if y is number else (0, 1)
    model.fit(z, (y - mean) / deviation if y is number else y)
    return {
        "intercept": (mean + deviation * np.atleast_1d(model.intercept_)).tolist(),
        "slopes": (deviation * np.atleast_2d(model.coef_)).tolist(),
    }


def logistic(penalty, l1_ratio, y):
    model = LogisticRegression(
        C=1 / (rows * penalty), l1_ratio=l1_ratio, solver="saga", tol=1e-12, max_iter=1_000_000)
    result = linear(model, y)
    result["intercept"] = (np.array(result["intercept"]) - (np.mean(result["intercept"]) if y.max() > 1 else 0)).tolist()
    return result


golden = {
    "x": x.T.tolist(), "number": number.tolist(), "binary": binary.tolist(), "three": three.tolist(),
    "count": count.tolist(),
    "linear": {
        "least squares": linear(LinearRegression(), number) | {"lambda": 0, "l1Ratio": 0.5, "label": "number"},
        "ridge": linear(Ridge(alpha=0.5 * rows, tol=1e-12), number) | {"lambda": 0.5, "l1Ratio": 0, "label": "number"},
        "lasso": linear(Lasso(alpha=0.1, tol=1e-14, max_iter=100000), number)
        | {"lambda": 0.1, "l1Ratio": 1, "label": "number"},
        "elastic net": linear(ElasticNet(alpha=0.1, l1_ratio=0.4, tol=1e-14, max_iter=100000), number)
        | {"lambda": 0.1, "l1Ratio": 0.4, "label": "number"},
        "logistic": logistic(0.05, 0.5, binary) | {"lambda": 0.05, "l1Ratio": 0.5, "label": "binary"},
        "softmax": logistic(0.03, 0.5, three) | {"lambda": 0.03, "l1Ratio": 0.5, "label": "three"},
        "poisson": linear(PoissonRegressor(alpha=0.1, tol=1e-12, max_iter=100000), count)
        | {"lambda": 0.1, "l1Ratio": 0, "label": "count"},
    },
}

golden["gaussianBayes"] = GaussianNB().fit(x, three).predict_proba(x[:10]).tolist()
levels = np.stack([np.arange(rows) * 7 % 3, np.arange(rows) * 5 % 4], 1)
levels[three == 2, 0] = 1
golden["levels"] = levels.T.tolist()
golden["categoricalBayes"] = CategoricalNB(alpha=1).fit(levels, three).predict_proba(levels[:10]).tolist()
words = random.poisson(np.exp(0.5 * np.stack([three == k for k in (0, 1, 2, 0, 1)], 1)))
golden["words"] = words.T.tolist()
golden["multinomialBayes"] = MultinomialNB(alpha=1).fit(words, three).predict_proba(words[:10]).tolist()

blobs = np.concatenate([random.normal(size=(40, 2)) * s + c for s, c in ((1, (0, 0)), (0.6, (5, 1)), (0.8, (1, 6)))])
blobs = np.round(blobs, 4).astype(np.float32).astype(float)
blobs = (blobs - blobs.mean(0)) / blobs.std(0)
means = KMeans(3, n_init=20, random_state=1, tol=0).fit(blobs)
mixture = GaussianMixture(3, n_init=5, random_state=1, tol=1e-10, max_iter=1000, reg_covar=1e-6).fit(blobs)
diagonal = GaussianMixture(3, covariance_type="diag", n_init=5, random_state=1, tol=1e-10, max_iter=1000).fit(blobs)
golden["clusters"] = {
    "x": blobs.T.tolist(), "inertia": means.inertia_, "sizes": sorted(np.bincount(means.labels_).tolist()),
    "silhouette": silhouette_score(blobs, means.labels_), "labels": means.labels_.tolist(),
    "mixture": {"logLikelihood": mixture.score(blobs), "bic": mixture.bic(blobs)},
    "diagonal": {"logLikelihood": diagonal.score(blobs), "bic": diagonal.bic(blobs)},
}
pca = PCA().fit(z)
golden["components"] = {"variance": (pca.explained_variance_ * (rows - 1) / rows).tolist(), "axes": np.abs(pca.components_).tolist()}
a, b = np.arange(30) % 3, (np.arange(30) * 7 + np.arange(30) // 4) % 4
golden["adjustedRand"] = {"a": a.tolist(), "b": b.tolist(), "value": adjusted_rand_score(a, b)}

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "classical.json"), "w") as file:
    json.dump(golden, file, indent=0, separators=(",", ":"))
