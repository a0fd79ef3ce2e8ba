"""Expected values of ARIMA, STL and KPSS, computed by statsmodels 0.15.

Run: python statistical.py > statistical.json (needs numpy, statsmodels).
"""

import json
import warnings

import numpy as np
from statsmodels.tsa.seasonal import MSTL, STL
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.stattools import kpss

warnings.simplefilter("ignore")


def rounded(values, digits=9):
    return [None if np.isnan(v) else round(float(v), digits) for v in values]


def simulate(seed, count, season, d=0, seasonal_d=0):
    random = np.random.default_rng(seed)
    shocks = random.normal(size=count + 200)
    w = np.zeros(count + 200)
    for t in range(200):
        w[t] = shocks[t]
    for t in range(30, count + 200):
        w[t] = 0.5 * w[t - 1] + shocks[t] + 0.4 * shocks[t - 1]
        if season > 1:
            w[t] += 0.3 * (w[t - season] - 0.5 * w[t - season - 1])
    y = w[200:]
    for _ in range(d):
        y = np.cumsum(y)
    for _ in range(seasonal_d):
        for t in range(season, count):
            y[t] += y[t - season]
    return np.round(y, 6)


def arima(name, y, order, seasonal, parameters, trend=None, exog=None, exog_ahead=None, simple=True):
    """Log-likelihood and forecast at given parameters (shocks of variance one), phi, theta, Phi, Theta."""
    model = SARIMAX(y, exog=exog, order=order, seasonal_order=seasonal, trend=trend, simple_differencing=simple)
    result = model.smooth(np.array(list(parameters) + [1.0]))
    # The likelihood with the best variance: sums of squares of standardised errors of the steps that count.
    burn = result.loglikelihood_burn
    errors = result.forecasts_error[0][burn:]
    variances = result.forecasts_error_cov[0, 0][burn:]
    seen = ~np.isnan(errors) & (errors != 0)
    errors, variances = errors[seen], variances[seen]
    n = len(errors)
    square = float(np.sum(errors**2 / variances) / n)
    likelihood = -0.5 * (n * (np.log(2 * np.pi * square) + 1) + float(np.sum(np.log(variances))))
    full = SARIMAX(y, exog=exog, order=order, seasonal_order=seasonal, trend=trend)
    ahead = full.smooth(np.array(list(parameters) + [1.0])).get_forecast(8, exog=exog_ahead)
    return {
        "name": name,
        "values": rounded(y),
        "order": list(order),
        "seasonal": list(seasonal),
        "coefficients": list(parameters),
        "logLikelihood": likelihood,
        "forecast": rounded(ahead.predicted_mean),
        "variances": rounded(ahead.var_pred_mean),
    }


def fitted(name, y, order, seasonal):
    model = SARIMAX(y, order=order, seasonal_order=seasonal, simple_differencing=True, concentrate_scale=True)
    result = model.fit(disp=False, maxiter=500, method="lbfgs")
    result = model.fit(result.params, disp=False, maxiter=2000, method="nm", xtol=1e-9, ftol=1e-12)
    return {
        "name": name,
        "values": rounded(y),
        "order": list(order),
        "seasonal": list(seasonal),
        "logLikelihood": float(result.llf),
        "coefficients": rounded(result.params),
    }


def main():
    out = {"arima": [], "fitted": [], "stl": [], "mstl": [], "kpss": []}
    cases = [
        ("AR(2)", (2, 0, 0), (0, 0, 0, 0), [0.5, -0.3], 1, 0, 0, 60),
        ("MA(2)", (0, 0, 2), (0, 0, 0, 0), [0.6, 0.2], 1, 0, 0, 60),
        ("ARMA(2,1)", (2, 0, 1), (0, 0, 0, 0), [0.4, 0.3, -0.7], 1, 0, 0, 60),
        ("ARIMA(1,1,2)", (1, 1, 2), (0, 0, 0, 0), [0.7, -0.2, 0.3], 1, 1, 0, 70),
        ("seasonal", (1, 0, 1), (1, 0, 1, 4), [0.5, 0.3, 0.6, -0.4], 4, 0, 0, 60),
        ("airline", (0, 1, 1), (0, 1, 1, 12), [-0.4, -0.6], 12, 1, 1, 90),
        ("large", (2, 1, 2), (1, 1, 1, 12), [0.5, -0.2, 0.3, 0.1, 0.3, -0.5], 12, 1, 1, 96),
    ]
    for seed, (name, order, seasonal, parameters, season, d, seasonal_d, count) in enumerate(cases):
        y = simulate(seed, count, season, d, seasonal_d)
        out["arima"].append(arima(name, y, order, seasonal, parameters))
    for seed, (name, order, seasonal, parameters, season, d, seasonal_d, count) in enumerate(cases):
        y = simulate(seed + 50, count, season, d, seasonal_d)
        lost = d + seasonal_d * season
        y[[lost + 5, lost + 6, lost + 20, count - 1]] = np.nan
        out["arima"].append(arima(name + " with gaps", y, order, seasonal, parameters, simple=False))
    for seed, (name, order, seasonal, _, season, d, seasonal_d, count) in enumerate(cases[:6]):
        y = simulate(seed + 90, count + 60, season, d, seasonal_d)
        out["fitted"].append(fitted(name, y, order, seasonal))

    random = np.random.default_rng(7)
    t = np.arange(84)
    y = 10 + 0.05 * t + 2 * np.sin(2 * np.pi * t / 12) + 0.4 * random.normal(size=84)
    y[[20, 50]] += 6
    y = np.round(y, 6)
    for robust in (False, True):
        for seasonal, degree in ((7, 1), (13, 0)):
            result = STL(y, period=12, seasonal=seasonal, seasonal_deg=degree, robust=robust).fit()
            out["stl"].append({
                "values": rounded(y), "window": seasonal, "degree": degree, "robust": robust,
                "trend": rounded(result.trend), "season": rounded(result.seasonal),
            })
    t = np.arange(160)
    y = np.round(np.sin(2 * np.pi * t / 6) + 2 * np.cos(2 * np.pi * t / 30) + 0.2 * random.normal(size=160), 6)
    result = MSTL(y, periods=(6, 30)).fit()
    out["mstl"].append({
        "values": rounded(y), "periods": [6, 30], "trend": rounded(result.trend),
        "seasons": [rounded(result.seasonal[:, k]) for k in range(2)],
    })
    for seed in range(3):
        y = simulate(seed + 20, 80, 1, d=seed % 2)
        for regression in ("c", "ct"):
            for lags in (0, 3, 8):
                statistic = kpss(y, regression=regression, nlags=lags)[0]
                out["kpss"].append({
                    "values": rounded(y), "trend": regression == "ct", "lags": lags, "statistic": float(statistic)
                })
    print(json.dumps(out, separators=(",", ":")))


main()
