"""Writes exponential_smoothing.json: series, and for forms of exponential smoothing what statsmodels reaches.

The objective is n log(sum of squares) for additive errors, with twice the sum of the logarithms of the one-step forecasts
added for multiplicative ones: minus twice the log-likelihood without its constants. Needs numpy and statsmodels.
"""

import json
import pathlib
import warnings

import numpy as np
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

warnings.simplefilter("ignore")
random = np.random.default_rng(11)


def monthly(count, slope, noise, strength):
    profile = 1 + strength * np.sin(2 * np.pi * np.arange(12) / 12) + strength / 2 * np.cos(4 * np.pi * np.arange(12) / 12)
    level = 100 + np.cumsum(slope + noise * random.normal(size=count))
    return level * profile[np.arange(count) % 12] + noise * random.normal(size=count)


kinds = {"N": None, "A": "add", "M": "mul"}
cases = []
for series in (monthly(84, 0.6, 1.5, 0.15), monthly(120, 0.0, 3.0, 0.05)):
    values = np.round(series, 4)
    for form in ("ANN", "AAN", "AAdN", "MNN", "MAdN", "ANA", "AAA", "AAdA", "MNA", "MNM", "MAM", "MAdM"):
        error, trend, season = form[0], form[1:-1], form[-1]
        model = ETSModel(
            values, error=kinds[error], trend=kinds[trend[0]], damped_trend=trend == "Ad", seasonal=kinds[season],
            seasonal_periods=12 if season != "N" else None)
        fit = model.fit(disp=False, maxiter=5000)
        n = len(values)
        objective = -2 * fit.llf - n * np.log(2 * np.pi / n) - n
        cases.append({"series": [float(v) for v in values], "form": form, "objective": float(objective)})
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
for case in cases:
    print(case["form"], round(case["objective"], 3))
