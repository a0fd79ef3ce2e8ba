"""Values of QueueTests: Erlang's formulas in exact fractions, Erlang A from the chain of states and, for the time to an
answer, the matrix exponential of a tagged caller's way through the queue. Needs numpy and scipy; prints Swift literals."""
from fractions import Fraction
from math import exp, factorial

import numpy as np
from scipy.linalg import expm


def erlang_b(load, servers):
    load = Fraction(load)
    terms = [load**k / factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


def erlang_c(load, servers):
    load = Fraction(load)
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


def erlang_a(rate, service, patience, servers, threshold, states=400):
    weights = [1.0]
    for k in range(1, servers + states):
        weights.append(weights[-1] * rate / (min(k, servers) / service + max(0, k - servers) / patience))
    p = np.array(weights) / sum(weights)
    queue = sum(p[k] * (k - servers) for k in range(servers, len(p)))
    size = states
    way = np.zeros((size + 2, size + 2))  # callers ahead 0 .. size - 1, answered, given up
    for ahead in range(size):
        on = servers / service + ahead / patience
        way[ahead, ahead - 1 if ahead else size] += on
        way[ahead, size + 1] += 1 / patience
        way[ahead, ahead] -= on + 1 / patience
    after = expm(way * threshold)[:, size]
    level = p[:servers].sum() + sum(p[servers + m] * after[m] for m in range(size))
    busy = sum(p[k] * min(k, servers) for k in range(len(p))) / servers
    return [p[servers:].sum(), level, queue / rate, queue / patience / rate, busy]


for load, servers in [(1, 1), (2, 5), (10, 10), (10, 14), (50, 60), (100, 100), (200, 210)]:
    c = float(erlang_c(load, servers)) if load < servers else 1.0
    print(f"({load}, {servers}, {float(erlang_b(load, servers))!r}, {c!r}),")
for case in [(1 / 18, 180, 120, 9, 20), (1 / 18, 180, 120, 12, 20), (1 / 18, 180, 600, 8, 30), (1 / 3, 150, 60, 55, 15)]:
    print(case, [float(x) for x in erlang_a(*case)])
print(1 - float(erlang_c(10, 14)) * exp(-4 * 20 / 180))
