"""Prints the table of peers from lines that they printed: python3 table.py results.jsonl."""

import json
import sys
from collections import defaultdict

# Mean of 200 runs of 100,000 residents, and the standard deviation between runs.
PARTICIPATION, BETWEEN = 0.21930, 0.00082

runs = defaultdict(list)
with open(sys.argv[1]) as lines:
    for line in map(json.loads, lines):
        runs[line["residents"], line["peer"]].append(line)

for size in sorted({size for size, _ in runs}):
    peers = {peer: found for (n, peer), found in runs.items() if n == size}
    shortest = {peer: min(run["seconds"] for run in found) for peer, found in peers.items()}
    print(f"\n{size:,} residents, 60 months, one thread, processor time of the shortest run; times as long as shequ\n")
    print(f"| {'peer':<28} | ns per resident-month | × shequ | participation | runs |")
    print(f"|{'-' * 30}|{'-' * 22}:|{'-' * 8}:|{'-' * 14}:|{'-' * 5}:|")
    for peer in sorted(peers, key=shortest.get):
        found = peers[peer]
        nanoseconds = shortest[peer] * 1e9 / (size * 60)
        mean = sum(run["participation"] for run in found) / len(found)
        # Four standard deviations, larger where there are fewer residents.
        far = abs(mean - PARTICIPATION) > 4 * BETWEEN * (100_000 / size / len(found)) ** 0.5
        times = shortest[peer] / shortest["shequ"]
        print(f"| {peer:<28} | {nanoseconds:>21.1f} | {times:>7.2f} | {mean:>12.4f}{'!' if far else ' '} | {len(found):>4} |")
