"""The simplest task: run a text; what it calls ``answer`` is the answer."""


def run(source: object) -> object:
    names: dict[str, object] = {}
    exec(compile(str(source), "<text>", "exec"), names)  # noqa: S102 - what is tested
    return names.get("answer")
