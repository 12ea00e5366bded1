"""Reads elections in the .pb format by shequ and by pabutools, and compares what they read and what equal shares buy.

    python3 tests/python/pabulib_agreement.py SHEQU [FILE.pb…]

Without files, sixty elections are made up, of every type of vote. Needs pabutools. Exit code 1 where they differ.
"""

import fractions
import pathlib
import random
import subprocess
import sys
import tempfile
import tomllib

from gmpy2 import mpq
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule

SCENARIO = """name = "E"
months = 2
burn_in = 0
replicates = 1
[population]
communities = 1
adults = 10
[funding]
decider = "residents"
election = "election.pb"
approval_delay = 0.0
project_months = 1
leak = 0.0
lapse = 0.0
[council]
rule = "equal_shares"
"""


def made_up(number):
    """The text of an election; few values, so that ties abound."""
    draw = random.Random(number)
    kind = ["approval", "choose-1", "ordinal", "cumulative", "scoring"][number % 5]
    projects = [(f"P{i}", draw.choice([draw.randint(100, 999), 100 * draw.randint(1, 9)])) for i in range(draw.randint(3, 8))]
    names = [name for name, _ in projects]
    meta = [("description", "\"made up; a test\""), ("budget", 1000), ("vote_type", kind), ("max_length", len(names))]
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in meta)]
    lines += ["PROJECTS", "project_id;cost;name", *(f"{name};{cost};\"a \"\"{name}\"\"; b\"" for name, cost in projects)]
    lines += ["VOTES", "voter_id;age;vote;points"]
    for voter in range(draw.randint(4, 30)):
        chosen = draw.sample(names, 1 if kind == "choose-1" else draw.randint(1, len(names)))
        points = [draw.randint(1, 4) for _ in chosen] if kind in ("cumulative", "scoring") else []
        lines.append(f"{voter};{draw.randint(18, 90)};{','.join(chosen)};{','.join(map(str, points))}")
    return "\n".join(lines) + "\n"


def by_shequ(program, folder):
    """The election as a resolved scenario holds it, and what the fund spends on it."""
    resolved = subprocess.run(
        [program, "check", "--resolved", "scenario.toml"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    out = subprocess.run(
        [program, "run", "scenario.toml", "--quiet", "--out", "results", "--force"],
        cwd=folder, capture_output=True, text=True, check=True,
    ).stdout.strip().splitlines()[-1]
    lines = (folder / out / "monthly.csv").read_text().splitlines()
    column = lines[0].split(",").index("fund.spent")
    spent = sum(float(line.split(",")[column]) for line in lines[1:])
    return tomllib.loads(resolved)["funding"]["election"], spent


def by_pabutools(path):
    instance, profile = parse_pabulib(str(path))
    # In the order of the file, which decides ties.
    order = []
    section = None
    for line in path.read_text().splitlines():
        if line in ("META", "PROJECTS", "VOTES"):
            section = line
        elif section == "PROJECTS" and not line.startswith("project_id"):
            order.append(line.split(";")[0])
    place = {instance.get_project(name): number for number, name in enumerate(order)}
    kind = instance.meta["vote_type"]
    longest = int(instance.meta.get("max_length", len(order)))
    votes = []
    for ballot in profile:
        if kind in ("approval", "choose-1"):
            votes.append({place[project]: 1 for project in ballot})
        elif kind == "ordinal":
            votes.append({place[project]: longest - rank for rank, project in enumerate(ballot)})
        else:
            votes.append({place[project]: fractions.Fraction(int(ballot[project])) for project in ballot})
    return instance, profile, place, votes


def bought(instance, profile, place):
    """What equal shares with cost utilities spend, completed by raising shares as shequ does."""
    share = fractions.Fraction(int(instance.budget_limit), len(profile))
    ties = TieBreakingRule(
        lambda instance, profile, project: (
            -sum(1 for ballot in profile if project in ballot), project.cost, place[project]
        )
    )
    best, budget = 0, instance.budget_limit
    for raised in range(10_000):
        instance.budget_limit = len(profile) * mpq(share + raised * max(share / 100, 1))
        chosen = method_of_equal_shares(instance, profile, sat_class=Cost_Sat, tie_breaking=ties)
        cost = sum(project.cost for project in chosen)
        # pabutools would stop where nothing more can be bought, shequ where the budget ends or all is bought.
        if cost > budget:
            break
        best = cost
        if len(chosen) == len(instance):
            break
    return best


def main(program, files):
    program = pathlib.Path(program).resolve()
    texts = [pathlib.Path(file).read_text() for file in files] or [made_up(number) for number in range(60)]
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "scenario.toml").write_text(SCENARIO)
        for number, text in enumerate(texts):
            path = folder / "election.pb"
            path.write_text(text)
            election, spent = by_shequ(program, folder)
            instance, profile, place, votes = by_pabutools(path)
            scores = election.get("scores") or [[1] * len(ballot) for ballot in election["ballots"]]
            ours = [dict(zip(ballot, given)) for ballot, given in zip(election["ballots"], scores)]
            # Scores count by their ratios: bring both to the same first one.
            ours_first = next((vote for vote in ours if vote), {0: 1})
            theirs_first = next((vote for vote in votes if vote), {0: 1})
            key = next(iter(ours_first))
            scale = fractions.Fraction(theirs_first[key]) / ours_first[key]
            ours = [{project: score * scale for project, score in vote.items()} for vote in ours]
            costs = [int(project.cost) for project in sorted(place, key=place.get)]
            faults = []
            if (election["budget"], election["costs"]) != (int(instance.budget_limit), costs):
                faults.append("budget or costs")
            if ours != votes:
                faults.append("votes")
            if instance.meta["vote_type"] in ("approval", "choose-1"):
                theirs = float(bought(instance, profile, place))
                if spent != theirs:
                    faults.append(f"equal shares spend {spent}, not {theirs}")
            if faults:
                failed += 1
                print(f"election {number} ({instance.meta['vote_type']}): {'; '.join(faults)}")
    print(f"{len(texts) - failed} of {len(texts)} elections agree")
    sys.exit(1 if failed else 0)


main(sys.argv[1], sys.argv[2:])
