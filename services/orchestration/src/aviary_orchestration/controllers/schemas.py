"""What the API says of a controller's config."""

from pydantic import BaseModel, JsonValue

from aviary_orchestration.user_code.answers import ConfigClass


class FieldOut(BaseModel):
    """``is_updatable``: a running bot takes a new value."""

    default: JsonValue
    type: str
    required: bool
    is_updatable: bool
    description: str | None


def template_of(found: ConfigClass) -> dict[str, FieldOut]:
    return {field.name: FieldOut(**field.model_dump(exclude={"name"})) for field in found.fields}
