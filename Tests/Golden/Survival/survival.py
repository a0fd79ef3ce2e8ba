"""Expected values for survival analysis, from lifelines, scikit-survival and scipy.

Writes survival.json beside this file. Made with lifelines 0.30.3, scikit-survival 0.28.0, numpy 2.4.6, scipy 1.17.1.
The data are simulated with seed 4; times are rounded where ties are wanted.
"""
import json
import os
import warnings

import numpy as np
import pandas as pd
from lifelines import (
    CoxPHFitter, KaplanMeierFitter, LogLogisticAFTFitter, LogNormalAFTFitter, NelsonAalenFitter, WeibullAFTFitter)
from lifelines.statistics import multivariate_logrank_test, proportional_hazard_test
from lifelines.utils import restricted_mean_survival_time
from sksurv.linear_model import CoxnetSurvivalAnalysis, CoxPHSurvivalAnalysis
from sksurv.metrics import (
    brier_score, concordance_index_censored, concordance_index_ipcw, cumulative_dynamic_auc, integrated_brier_score)

warnings.filterwarnings("ignore")
random = np.random.default_rng(4)
n = 90
x = np.round(random.normal(size=(n, 3)), 3).astype(np.float32).astype(float)
x[:, 2] = random.integers(0, 2, size=n)
signal = 0.7 * x[:, 0] - 0.5 * x[:, 1] + 0.6 * x[:, 2]
life = 10 * (random.exponential(size=n) / np.exp(signal)) ** (1 / 1.4)
censoring = random.uniform(2, 22, size=n)
time = np.round(np.minimum(life, censoring), 5) + 0.01
event = (life <= censoring).astype(int)
tied = np.ceil(time)
entry = np.round(random.uniform(0, 0.6, size=n) * time, 5)
tied_entry = np.floor(random.uniform(0, 0.8, size=n) * tied)
weight = np.round(random.uniform(0.5, 2, size=n), 3)
stratum = random.integers(0, 2, size=n)
group = random.integers(0, 3, size=n)
frame = pd.DataFrame({
    "a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "time": time, "tied": tied, "event": event, "entry": entry,
    "tiedEntry": tied_entry, "weight": weight, "stratum": stratum})
names = ["a", "b", "c"]
out = {
    "x": x.T.tolist(), "time": time.tolist(), "tied": tied.tolist(), "event": event.tolist(), "entry": entry.tolist(),
    "tiedEntry": tied_entry.tolist(), "weight": weight.tolist(), "stratum": stratum.tolist(), "group": group.tolist()}

# Without a model.
ask = [0.5, 2, 4, 7, 9]
km = KaplanMeierFitter().fit(tied, event)
late = KaplanMeierFitter().fit(tied, event, entry=tied_entry, weights=weight)
interval = km.confidence_interval_survival_function_
mean, variance = restricted_mean_survival_time(km, t=8, return_variance=True)
na = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(tied, event)
out["kaplanMeier"] = {
    "at": ask, "survival": km.survival_function_at_times(ask).tolist(),
    "late": late.survival_function_at_times(ask).tolist(),
    "lower": [float(interval.iloc[:, 0].asof(t)) for t in ask],
    "upper": [float(interval.iloc[:, 1].asof(t)) for t in ask],
    "median": float(km.median_survival_time_), "restrictedMean": float(mean),
    "hazard": [float(na.cumulative_hazard_.iloc[:, 0].asof(t)) for t in ask]}
test = multivariate_logrank_test(tied, group, event)
out["logRank"] = {"statistic": float(test.test_statistic), "p": float(test.p_value)}


def efron(x, time, event, entry=None, stratum=None, weights=None, breslow=False):
    """Newton's method on the partial likelihood, summed over risk sets one by one."""
    entry = np.full(len(time), -1.0) if entry is None else entry
    stratum = np.zeros(len(time)) if stratum is None else stratum
    w = np.ones(len(time)) if weights is None else weights

    def parts(beta):
        total, gradient, information = 0.0, np.zeros(len(beta)), np.zeros((len(beta), len(beta)))
        r = w * np.exp(x @ beta)
        for s in np.unique(stratum):
            for t in np.unique(time[(event == 1) & (stratum == s)]):
                risk = (stratum == s) & (entry < t) & (time >= t)
                dead = (stratum == s) & (time == t) & (event == 1)
                d = dead.sum()
                total += (w[dead] * (x[dead] @ beta)).sum()
                gradient += (w[dead][:, None] * x[dead]).sum(0)
                for k in range(d):
                    share = 0 if breslow else k / d
                    q = np.where(risk, r, 0) - share * np.where(dead, r, 0)
                    mean = q @ x / q.sum()
                    total -= w[dead].mean() * np.log(q.sum())
                    gradient -= w[dead].mean() * mean
                    information += w[dead].mean() * ((x.T * q) @ x / q.sum() - np.outer(mean, mean))
        return total, gradient, information

    beta = np.zeros(x.shape[1])
    for _ in range(30):
        total, gradient, information = parts(beta)
        beta = beta + np.linalg.solve(information, gradient)
    total, gradient, information = parts(beta)
    return {"beta": beta.tolist(), "se": np.sqrt(np.diag(np.linalg.inv(information))).tolist(),
            "logLikelihood": float(total)}


cox = CoxPHFitter().fit(frame[names + ["tied", "event"]], "tied", "event")
check = efron(x, tied, event)
assert np.allclose(check["beta"], cox.params_, atol=1e-5), (check, cox.params_)
breslow = CoxPHSurvivalAnalysis(ties="breslow", tol=1e-12).fit(
    x, np.array(list(zip(event == 1, tied)), dtype=[("e", bool), ("t", float)]))
check = efron(x, tied, event, breslow=True)
assert np.allclose(check["beta"], breslow.coef_, atol=1e-6)
strata = CoxPHFitter(strata=["stratum"]).fit(frame[names + ["tied", "event", "stratum"]], "tied", "event")
check = efron(x, tied, event, stratum=stratum)
assert np.allclose(check["beta"], strata.params_, atol=1e-5)
late = CoxPHFitter().fit(frame[names + ["time", "event", "entry"]], "time", "event", entry_col="entry")
check = efron(x, time, event, entry=entry)
assert np.allclose(check["beta"], late.params_, atol=1e-5)
plain = CoxPHFitter().fit(frame[names + ["time", "event"]], "time", "event")
zph = proportional_hazard_test(plain, frame[names + ["time", "event"]], time_transform="rank")
step = CoxPHSurvivalAnalysis(ties="efron", tol=1e-12).fit(
    x, np.array(list(zip(event == 1, time)), dtype=[("e", bool), ("t", float)]))
curves = [[float(f(t)) for t in ask] for f in step.predict_survival_function(x[:3])]
out["cox"] = {
    "efron": efron(x, tied, event), "breslow": efron(x, tied, event, breslow=True),
    "strata": efron(x, tied, event, stratum=stratum), "late": efron(x, time, event, entry=entry),
    "all": efron(x, tied, event, entry=tied_entry, stratum=stratum, weights=weight),
    "zph": zph.summary["test_statistic"].tolist(), "curves": curves}
z = (x - x.mean(0)) / x.std(0)
y = np.array(list(zip(event == 1, time)), dtype=[("e", bool), ("t", float)])
net = CoxnetSurvivalAnalysis(l1_ratio=0.7, alphas=[0.08], normalize=False, tol=1e-14, max_iter=10**7).fit(z, y)
out["cox"]["net"] = (net.coef_[:, 0] / x.std(0)).tolist()

# Accelerated failure time.
aft = {}
for name, fitter, location, shape in [
        ("weibull", WeibullAFTFitter(), "lambda_", "rho_"), ("logNormal", LogNormalAFTFitter(), "mu_", "sigma_"),
        ("logLogistic", LogLogisticAFTFitter(), "alpha_", "beta_")]:
    for entries in (False, True):
        columns = frame[names + ["time", "event"] + (["entry"] if entries else [])]
        fitter.fit(columns, "time", "event", entry_col="entry" if entries else None)
        p, se = fitter.params_, fitter.standard_errors_
        sign = 1 if name == "logNormal" else -1
        aft[name + ("Late" if entries else "")] = {
            "coefficients": [float(p[(location, k)]) for k in ["Intercept"] + names]
            + [sign * float(p[(shape, "Intercept")])],
            "se": [float(se[(location, k)]) for k in ["Intercept"] + names] + [float(se[(shape, "Intercept")])],
            "logLikelihood": float(fitter.log_likelihood_)}
out["aft"] = aft

# How good predictions are.
risk = np.round(signal + random.normal(size=n), 2)
curve_times = [1.0, 2, 4, 6, 8]
curves = np.exp(-np.outer(np.exp(0.5 * risk), np.array(curve_times) * 0.1))
half = y[: n // 2]
test_y = y[n // 2:]
inside = test_y["t"] < half["t"].max()
test_y, test_risk, test_curves = test_y[inside], risk[n // 2:][inside], curves[n // 2:][inside]
auc, mean_auc = cumulative_dynamic_auc(half, test_y, test_risk, curve_times)
out["metrics"] = {
    "risk": risk.tolist(), "times": curve_times, "curves": curves.tolist(), "inside": inside.tolist(),
    "harrell": float(concordance_index_censored(event == 1, time, risk)[0]),
    "harrellTied": float(concordance_index_censored(event == 1, tied, risk)[0]),
    "uno": float(concordance_index_ipcw(half, test_y, test_risk, tau=9)[0]),
    "brier": brier_score(half, test_y, test_curves, curve_times)[1].tolist(),
    "integrated": float(integrated_brier_score(half, test_y, test_curves, curve_times)),
    "auc": auc.tolist()}
json.dump(out, open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "survival.json"), "w"))
