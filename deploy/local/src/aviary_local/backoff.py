"""How long to wait before the next try."""

from collections.abc import Callable
from dataclasses import dataclass
from random import random


@dataclass
class Backoff:
    """Doubles from `first_s` up to `most_s`, each +-20 % so that replicas that fell together do not rise together.

    `failing` after `patience` quick deaths in a row; a life longer than `healthy_s` starts the count again.
    """

    first_s: float = 0.2
    most_s: float = 15.0
    healthy_s: float = 10.0
    patience: int = 5
    random: Callable[[], float] = random
    deaths: int = 0

    def after_life_of(self, seconds: float) -> float:
        """Note a death, and tell how long to wait."""
        self.deaths = 1 if seconds > self.healthy_s else self.deaths + 1
        if self.failing:
            return self._spread(self.most_s)
        return self._spread(min(self.most_s, self.first_s * 2 ** (self.deaths - 1)))

    @property
    def failing(self) -> bool:
        return self.deaths >= self.patience

    def _spread(self, seconds: float) -> float:
        return seconds * (0.8 + 0.4 * self.random())
