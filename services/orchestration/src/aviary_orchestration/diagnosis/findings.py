"""The facts that explain an end, as sentences, the weightiest first."""

from collections.abc import Iterator
from typing import Final

from aviary_orchestration.diagnosis.schemas import ContainerState, Diagnosis

SIGNALS: Final = {137: "it was killed", 139: "it crashed (segmentation fault)", 143: "it was asked to end"}


def findings(found: Diagnosis) -> list[str]:
    return [*_of_container(found.container), *_of_words(found)] or ["Nothing stands out."]


def _of_container(container: ContainerState | None) -> Iterator[str]:
    if container is None:
        yield "There is no container to look at."
        return
    if container.out_of_memory:
        yield "It used more memory than it may: raise AVIARY_BOT_MEMORY_MB."
    if container.exit_code:
        meaning = SIGNALS.get(container.exit_code)
        yield f"Its container ended with exit code {container.exit_code}{f': {meaning}' if meaning else ''}."
    if container.restarts:
        yield f"Docker has started it again {container.restarts} times."
    if container.error:
        yield f"Docker says: {container.error}"


def _of_words(found: Diagnosis) -> Iterator[str]:
    for problem in found.problems:
        yield f"{problem['kind']}: {problem['detail']}"
    if found.last_refusal is not None:
        yield f"The last order that was refused: {found.last_refusal.data}"
    if found.last_error is not None:
        yield f"Its last error: {found.last_error.msg}"
    if found.archiving is not None and found.archiving["error"]:
        yield f"Stopping and archiving is held up: {found.archiving['error']}"
    for difference in found.config_differences:
        yield f"Its config {difference.config} is not the stored one in {', '.join(difference.changed)}."
