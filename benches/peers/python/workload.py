"""What the peers written in Python share: the small world, the residents at first, and the line they print."""

import json
import sys
import time

import numpy as np

MONTHS = 60


def small_world(n, seed):
    """Pairs of acquaintances: a ring of eight, a tenth of the ties led anywhere (two alike are as rare as 1/n)."""
    luck = np.random.default_rng(seed)
    one = np.repeat(np.arange(n), 4)
    other = (one + np.tile(np.arange(1, 5), n)) % n
    led_away = luck.random(4 * n) < 0.1
    other[led_away] = (one[led_away] + luck.integers(5, n - 4, led_away.sum())) % n
    return one, other


def residents(n, seed):
    """Active, trust and bias before the first month."""
    luck = np.random.default_rng(seed + 1000)
    return luck.random(n) < 0.1, luck.random(n), 0.5 * luck.standard_normal(n)


def main(peer, build, repeats=3):
    """Times `build(n, seed)`, which gives a function that lives the months and gives both means by month."""
    for n in map(int, sys.argv[1:]):
        for seed in range(1, repeats + 1):
            live = build(n, seed)
            begin = time.process_time()
            course = live()
            seconds = time.process_time() - begin
            participation, trust = np.mean(course[-12:], axis=0)
            line = dict(peer=peer, residents=n, months=MONTHS, seconds=round(seconds, 6),
                        participation=round(float(participation), 6), trust=round(float(trust), 6))
            print(json.dumps(line), flush=True)
