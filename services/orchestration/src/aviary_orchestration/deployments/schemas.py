"""What the deployment routes take, in the reference's form and in the client's, and what they answer."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from aviary_common.access.accounts import AllowedAccount
from aviary_common.models import Name, Tolerant, aliases, example
from aviary_orchestration.bots.payloads import without_nul
from aviary_orchestration.configs.content import MAX_DEPTH, deeper_than

BotName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=45)]
"""The time of the deployment is added to it."""
ConfigName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+(\.yml)?$", max_length=68)]
ScriptName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+(\.py)?$", max_length=67)]
Limit = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]


def _storable(config: dict[str, Any]) -> dict[str, Any]:
    if deeper_than(config, MAX_DEPTH):
        raise ValueError(f"must not be nested more than {MAX_DEPTH} levels deep")
    if without_nul(config) != config:
        raise ValueError("must not have the character NUL")
    return config


Config = Annotated[dict[str, Any], AfterValidator(_storable)]


class NewDeployment(Tolerant):
    """``image``: the one of the settings when left out. ``allow_duplicate``: beside an active bot of the same name."""

    instance_name: BotName = aliases("instance_name", "bot_name")
    credentials_profile: AllowedAccount = Field(default="master_account", validate_default=True)
    image: str | None = None
    headless: bool = False
    allow_duplicate: bool = False


class NewScript(NewDeployment):
    """``script_config`` names a stored config; ``config`` is one, which is stored under the bot's name."""

    model_config = example(
        {
            "instance_name": "second",
            "credentials_profile": "master_account",
            "script": "v2_with_controllers",
            "script_config": "my_script",
            "headless": True,
        }
    )

    script: ScriptName | None = None
    script_config: ConfigName | None = None
    config: Config | None = None


class NewControllers(NewDeployment):
    """``controllers_config`` names stored configs; ``config`` holds new ones, of the given controller unless they say
    otherwise."""

    model_config = example(
        {
            "instance_name": "first",
            "credentials_profile": "master_account",
            "controllers_config": ["my_pmm"],
            "headless": True,
            "max_global_drawdown_quote": "100",
        }
    )

    controllers_config: list[ConfigName] = Field(default_factory=list, max_length=100)
    config: list[Config] | Config | None = None
    controller_type: Name | None = None
    controller_name: Name | None = None
    script_config: ConfigName | None = None
    max_global_drawdown_quote: Limit | None = None
    max_controller_drawdown_quote: Limit | None = None

    @property
    def inline(self) -> list[Config]:
        if self.config is None:
            return []
        return [self.config] if isinstance(self.config, dict) else self.config


class Deployed(BaseModel):
    model_config = example(
        {
            "success": True,
            "message": "second-20261001-120000 has been deployed.",
            "unique_instance_name": "second-20261001-120000",
        }
    )

    success: bool = True
    message: str
    unique_instance_name: str


class ControllersDeployed(Deployed):
    model_config = example(
        {
            "success": True,
            "message": "first-20261001-120000 has been deployed.",
            "unique_instance_name": "first-20261001-120000",
            "script_config_generated": "first-20261001-120000.yml",
            "controllers_deployed": ["my_pmm"],
        }
    )

    script_config_generated: str
    controllers_deployed: list[str]
