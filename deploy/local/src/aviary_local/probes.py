"""Is it ready? Small blocking questions, each answered within two seconds."""

import http.client
import socket

from aviary_local.ports import LOOPBACK

_PATIENCE_S = 2.0


def http_ok(port: int, path: str) -> bool:
    """True when GET answers 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def valkey_pong(port: int, password: str) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=_PATIENCE_S) as wire:
            wire.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                chunk = wire.recv(256)
                if not chunk:
                    return False
                answer += chunk
            return answer == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False


def postgres_answers(port: int, user: str, password: str, database: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(
            host=LOOPBACK, port=port, user=user, password=password, dbname=database, connect_timeout=2
        ) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
