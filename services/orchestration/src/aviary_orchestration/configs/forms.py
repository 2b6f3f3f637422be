"""A controller's config has its name inside, as ``id``; a script's has not, and its class would refuse it."""

from collections.abc import Mapping

from aviary_orchestration.configs.content import Content, without
from aviary_orchestration.configs.store import Listed


class ControllerForm:
    def shown(self, name: str, content: Mapping[str, object]) -> Content:
        return {"id": name, **without(content, "id")}

    def stored(self, name: str, content: Content) -> Content:
        return self.shown(name, content)

    def listed(self, each: Listed) -> Content:
        if each.content is None:
            return {"id": each.name, "controller_name": "error", "controller_type": "error", "error": each.error}
        return self.shown(each.name, each.content)


class ScriptForm:
    def shown(self, _name: str, content: Mapping[str, object]) -> Content:
        return dict(content)

    def stored(self, _name: str, content: Content) -> Content:
        return without(content, "id")

    def listed(self, each: Listed) -> Content:
        if each.content is None:
            return {"config_name": each.name, "script_file_name": "error", "error": each.error}
        return {"config_name": each.name, **each.content}
