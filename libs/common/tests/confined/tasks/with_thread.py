"""A task whose module is not alone in its process."""

import threading

threading.Thread(target=threading.Event().wait, daemon=True).start()


def run(_payload: object) -> object:
    return "ran"
