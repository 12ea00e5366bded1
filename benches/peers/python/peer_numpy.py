"""The workload in NumPy and SciPy: acquaintances as a sparse matrix, single precision."""

import numpy as np
import scipy
from scipy.sparse import coo_array
from workload import MONTHS, main, residents, small_world


def build(n, seed):
    one, other = small_world(n, seed)
    ends = (np.concatenate([one, other]), np.concatenate([other, one]))
    ties = coo_array((np.ones(8 * n, np.float32), ends), shape=(n, n)).tocsr()
    per_tie = np.float32(2.5) / np.bincount(ends[0], minlength=n).astype(np.float32)
    active, trust, bias = residents(n, seed)
    active, trust, bias = active.astype(np.float32), trust.astype(np.float32), bias.astype(np.float32)
    luck = np.random.default_rng(seed)

    def live():
        nonlocal active, trust
        course = []
        for _ in range(MONTHS):
            x = np.float32(-2.75) + bias + per_tie * (ties @ active) + np.float32(1.5) * trust
            acts = luck.random(n, np.float32) * (1 + np.exp(-x)) < 1
            good = luck.random(n, np.float32) < np.float32(0.6)
            trust = np.where(acts, trust + np.float32(0.1) * (good - trust),
                             trust + np.float32(0.01) * (np.float32(0.5) - trust))
            active = acts.astype(np.float32)
            course.append((acts.mean(), trust.mean(dtype=np.float64)))
        return course

    return live


main(f"NumPy {np.__version__}, SciPy {scipy.__version__}", build)
