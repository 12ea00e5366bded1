"""The workload in Numba: one compiled loop. The time to compile it is not counted."""

import numba
import numpy as np
from workload import MONTHS, main, residents, small_world


@numba.njit(cache=False)
def lives(starts, whom, active, trust, bias, seed, months, course):
    n = trust.size
    after = np.empty_like(active)
    np.random.seed(seed)
    for month in range(months):
        some, trusted = 0, 0.0
        for i in range(n):
            seen = 0
            for k in range(starts[i], starts[i + 1]):
                seen += active[whom[k]]
            share = np.float32(seen) / np.float32(starts[i + 1] - starts[i])
            x = np.float32(-2.75) + bias[i] + np.float32(2.5) * share + np.float32(1.5) * trust[i]
            acts = np.random.random() * (1.0 + np.exp(-x)) < 1.0
            if acts:
                good = np.float32(1.0) if np.random.random() < 0.6 else np.float32(0.0)
                trust[i] += np.float32(0.1) * (good - trust[i])
            else:
                trust[i] += np.float32(0.01) * (np.float32(0.5) - trust[i])
            after[i] = acts
            some += acts
            trusted += trust[i]
        active, after = after, active
        course[month, 0] = some / n
        course[month, 1] = trusted / n


def build(n, seed):
    one, other = small_world(n, seed)
    who, whom = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.argsort(who, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=n))]).astype(np.uint32)
    active, trust, bias = residents(n, seed)
    state = (starts, whom[order].astype(np.uint32), active.astype(np.uint8), trust.astype(np.float32),
             bias.astype(np.float32))
    lives(*(column.copy() for column in state), seed, 1, np.empty((1, 2)))  # Compiles.

    def live():
        course = np.empty((MONTHS, 2))
        lives(*state, seed, MONTHS, course)
        return course

    return live


main(f"Numba {numba.__version__}", build)
