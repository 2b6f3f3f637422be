"""One database, and in it one role and one schema per service that no other service can look into."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aviary_local.ports import LOOPBACK
from aviary_local.secrets import Secrets
from aviary_local.topology import DATABASE, SUPERUSER, Service, with_schema

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True)
class Schemas:
    port: int
    secrets: Secrets
    host: str = LOOPBACK

    def ensure(self) -> None:
        """Idempotent, run at every start: a service added later gets its role, a changed password is applied."""
        with self._connect("postgres") as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                _run(connection, "create database {}", DATABASE)
            for database in ("postgres", "template1", DATABASE):
                _run(connection, "revoke all on database {} from public", database)
        with self._connect(DATABASE) as connection:
            _run(connection, "revoke all on schema public from public")
            for service in with_schema():
                self._ensure_service(connection, service)

    def _ensure_service(self, connection: "psycopg.Connection", service: Service) -> None:
        role, schema = service.role, str(service.schema)
        if not connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
            _run(connection, "create role {}", role)
        _run(connection, "alter role {} login password {}", role, literal=self._verifier(connection, service))
        _run(connection, "grant connect on database {} to {}", DATABASE, role)
        _run(connection, "create schema if not exists {} authorization {}", schema, role)
        _run(connection, "alter role {} in database {} set search_path = {}", role, DATABASE, schema)

    def _verifier(self, connection: "psycopg.Connection", service: Service) -> str:
        """Computed here, so that the password itself never reaches a server log."""
        password = self.secrets.database_password(service).encode()
        return connection.pgconn.encrypt_password(password, service.role.encode(), b"scram-sha-256").decode()

    def _connect(self, database: str) -> "psycopg.Connection":
        import psycopg

        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=SUPERUSER,
            password=self.secrets.postgres_password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )


def _run(connection: "psycopg.Connection", statement: str, *names: str, literal: str | None = None) -> None:
    from psycopg import sql

    parts: list[sql.Composable] = [sql.Identifier(name) for name in names]
    if literal is not None:
        parts.append(sql.Literal(literal))
    connection.execute(sql.SQL(statement).format(*parts))
