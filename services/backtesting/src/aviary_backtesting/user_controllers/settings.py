"""What a user's controller may use."""

from pydantic import Field

from aviary_common.confined.limits import MEBIBYTE, Limits
from aviary_common.confined.settings import ConfinedSettings


class UserControllerSettings(ConfinedSettings):
    backtest_user_code_s: float = Field(default=600.0, gt=0)
    """How long its code may run over one backtest, in processor time and on the clock."""
    backtest_user_code_bytes: int = Field(default=2048 * MEBIBYTE, ge=256 * MEBIBYTE)
    """Of memory."""
    backtest_user_code_answer_bytes: int = Field(default=256 * MEBIBYTE, ge=MEBIBYTE)
    """Its features and decisions."""

    @property
    def limits(self) -> Limits:
        return Limits(
            wall_s=self.backtest_user_code_s,
            cpu_s=max(1, int(self.backtest_user_code_s)),
            memory_bytes=self.backtest_user_code_bytes,
            answer_bytes=self.backtest_user_code_answer_bytes,
        )

    @property
    def describing_limits(self) -> Limits:
        """For a look at the code that somebody waits for."""
        return Limits(wall_s=min(30.0, self.backtest_user_code_s), cpu_s=20, memory_bytes=self.backtest_user_code_bytes)
