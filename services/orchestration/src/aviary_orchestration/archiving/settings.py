"""Where archives go that leave this machine."""

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from aviary_common.settings import AviarySettings


def _also(name: str, other: str) -> AliasChoices:
    return AliasChoices(f"AVIARY_{name}", other)


class ArchiveSettings(AviarySettings):
    """The names that the Hummingbot API reads from its environment are taken as well."""

    model_config = SettingsConfigDict(populate_by_name=True)

    s3_key: SecretStr | None = Field(default=None, validation_alias=_also("S3_KEY", "AWS_API_KEY"))
    s3_secret: SecretStr | None = Field(default=None, validation_alias=_also("S3_SECRET", "AWS_SECRET_KEY"))
    s3_bucket: str | None = Field(default=None, validation_alias=_also("S3_BUCKET", "AWS_S3_DEFAULT_BUCKET_NAME"))
    """Where archives go when nobody names another bucket."""
    s3_endpoint_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+/?$")
    """For storage other than Amazon's; plain ``http://`` only where nobody listens."""
    s3_region: str = "us-east-1"
