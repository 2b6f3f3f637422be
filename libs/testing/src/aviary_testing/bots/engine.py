"""The Docker engine that tests may use, if there is one."""

import os
from pathlib import Path

import docker
from docker import DockerClient
from docker.errors import DockerException
from requests.exceptions import RequestException

SOCKET = "unix:///var/run/docker.sock"


def address() -> str:
    return os.environ.get("DOCKER_HOST") or SOCKET


def connect() -> DockerClient | None:
    """None when no engine answers."""
    if address().startswith("unix://") and not Path(address().removeprefix("unix://")).is_socket():
        return None
    try:
        client = docker.DockerClient(base_url=address(), timeout=60, version="auto")
        client.ping()
    except (DockerException, RequestException, OSError):
        return None
    return client
