"""Makes features.json: small inputs and what scikit-learn, numpy and scipy make of them.

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, seed 20261123:
`python Tests/Golden/Estimators/features.py`.
"""

import json
import pathlib

import numpy as np
from scipy.stats import norm
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import RobustScaler, StandardScaler

random = np.random.default_rng(20261123)

texts = [
    "The delivery was late and the box was broken",
    "Great service, GREAT price!",
    "late, late, late - never again",
    "",
    "the service was great and the delivery fast",
    "Ça marche très bien, le café est très bon",
    "Das Gerät ist kaputt; die Lieferung war spät",
    "café bien, café bon",
    "never late and never broken",
    "5 stars: great price and 5 days",
]


def weights(minimum, longest, sublinear, norm):
    vectoriser = TfidfVectorizer(
        lowercase=True, token_pattern=r"(?u)\b\w+\b", ngram_range=(1, longest), min_df=minimum,
        sublinear_tf=sublinear, norm=norm)
    matrix = vectoriser.fit_transform(texts).toarray()
    return {
        "minimum": minimum, "longest": longest, "sublinear": sublinear, "normalised": norm == "l2",
        "terms": list(vectoriser.get_feature_names_out()), "rows": matrix.tolist(),
    }


words = ["red", "green", "blue", "car", "bus", "road", "wheel", "sky", "sea", "fish", "boat", "sand"]
topics = [random.dirichlet(np.full(len(words), 0.3)) for _ in range(4)]
documents = [
    " ".join(random.choice(words, size=12, p=topics[random.integers(4)])) for _ in range(60)
]
vectoriser = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", min_df=1, sublinear_tf=True)
matrix = vectoriser.fit_transform(documents)
decomposition = TruncatedSVD(n_components=3, algorithm="arpack", random_state=0)
projected = decomposition.fit_transform(matrix)

numbers = np.round(random.gamma(2.0, 3.0, size=40), 1)
numbers[5:11] = numbers[4]
column = numbers.reshape(-1, 1)

# Quantile knots at the sorted numbers; a repeated number stands at the middle of its places; shares held at 0.0005.
knots, places = [], []
for i, x in enumerate(np.sort(numbers)):
    if knots and knots[-1] == x:
        places[-1].append(i / 39)
    else:
        knots.append(x)
        places.append([i / 39])
normals = norm.ppf(np.clip([np.mean(p) for p in places], 0.0005, 0.9995))
probes = np.concatenate([[numbers.min() - 1, numbers.max() + 1], random.uniform(numbers.min(), numbers.max(), 20)])

result = {
    "texts": texts,
    "weights": [weights(1, 1, True, "l2"), weights(2, 2, True, "l2"), weights(1, 3, False, None)],
    "documents": documents,
    "components": projected.tolist(),
    "numbers": numbers.tolist(),
    "standard": StandardScaler().fit_transform(column).ravel().tolist(),
    "robust": RobustScaler().fit_transform(column).ravel().tolist(),
    "probes": probes.tolist(),
    "normal": np.interp(probes, knots, normals).tolist(),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
