"""The launcher with the four real servers and three fake services; run as a script, like aviary_local.background."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from aviary_local import scaling
from aviary_local.background import main
from aviary_local.command import Command
from aviary_local.stack import Stack
from aviary_local.topology import ACCOUNTS, PORTAL, TRADING, Service


class FakeStack(Stack):
    def present(self) -> tuple[Service, ...]:
        return (ACCOUNTS, TRADING, PORTAL)

    def service_command(self, service: Service, replica: int) -> Command:
        script = str(Path(__file__).with_name("fake_service.py"))
        return replace(super().service_command(service, replica), argv=(sys.executable, script))


if __name__ == "__main__":
    scaling._READY_TIMEOUT_S = float(os.environ.get("AVIARY_FAKE_READY_TIMEOUT_S", scaling._READY_TIMEOUT_S))
    sys.exit(main(sys.argv[1:], FakeStack))
