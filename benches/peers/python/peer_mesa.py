"""The workload in Mesa: one agent a resident, acquaintances in a list of the agent's own.

Its own network space takes more than twice as long.
"""

import math

import mesa
from workload import MONTHS, main, residents, small_world


class Resident(mesa.Agent):
    def __init__(self, model, active, trust, bias):
        super().__init__(model)
        self.active, self.trust, self.bias = active, trust, bias
        self.known = []

    def decide(self):
        seen = sum(other.active for other in self.known)
        x = -2.75 + self.bias + 2.5 * seen / len(self.known) + 1.5 * self.trust
        self.acts = self.model.random.random() * (1.0 + math.exp(-x)) < 1.0
        if self.acts:
            self.trust += 0.1 * ((self.model.random.random() < 0.6) - self.trust)
        else:
            self.trust += 0.01 * (0.5 - self.trust)

    def remember(self):
        self.active = self.acts


class Community(mesa.Model):
    def __init__(self, n, seed):
        super().__init__(seed=seed)
        columns = (column.tolist() for column in residents(n, seed))
        everybody = [Resident(self, *one) for one in zip(*columns)]
        for one, other in zip(*(end.tolist() for end in small_world(n, seed))):
            everybody[one].known.append(everybody[other])
            everybody[other].known.append(everybody[one])
        self.everybody = everybody

    def step(self):
        self.agents.do("decide")
        self.agents.do("remember")

    def live(self):
        course = []
        for _ in range(MONTHS):
            self.step()
            n = len(self.everybody)
            course.append((sum(r.active for r in self.everybody) / n, sum(r.trust for r in self.everybody) / n))
        return course


main(f"Mesa {mesa.__version__}", lambda n, seed: Community(n, seed).live, repeats=2)
