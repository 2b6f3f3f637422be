"""An HTTPS proxy as a company might have one: it opens the TLS with its own CA and sends everything to the sandbox."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOSTS = ("api.binance.com", "fapi.binance.com", "fstream.binance.com", "ws-api.binance.com", "stream.binance.com")
PREFIXES = {"fstream.binance.com": "/fstream"}


@dataclass
class ConnectProxy:
    url: str = ""
    ca_file: Path = Path()
    asked: list[str] = field(default_factory=list)
    """The targets of all CONNECT requests."""


@asynccontextmanager
async def connect_proxy(sandbox_port: int, directory: Path) -> AsyncIterator[ConnectProxy]:
    proxy = ConnectProxy(ca_file=directory / "ca.pem")
    context = _certified_context(directory, proxy.ca_file)

    async def serve_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        host = next(line[6:].split(":")[0] for line in head.split("\r\n") if line.lower().startswith("host: "))
        method, path, rest = head.split(" ", 2)
        upstream = await asyncio.open_connection("127.0.0.1", sandbox_port)
        upstream[1].write(f"{method} {PREFIXES.get(host, '')}{path} {rest}".encode("latin-1"))
        await _relay((reader, writer), upstream)

    async def serve_connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        proxy.asked.append(head.split(" ")[1])
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await _relay((reader, writer), await asyncio.open_connection("127.0.0.1", _port(inner)))

    inner = await asyncio.start_server(_quietly(serve_tls), "127.0.0.1", 0, ssl=context)
    outer = await asyncio.start_server(_quietly(serve_connect), "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{_port(outer)}"
    try:
        yield proxy
    finally:
        outer.close()
        inner.close()


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def _quietly(serve: Serve) -> Serve:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()

    return served


async def _relay(left: Streams, right: Streams) -> None:
    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    await asyncio.gather(pump(left[0], right[1]), pump(right[0], left[1]))


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


def _certified_context(directory: Path, ca_file: Path) -> ssl.SSLContext:
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Aviary test CA")])
    names = [x509.DNSName(host) for host in HOSTS]
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    ca = _builder(issuer, issuer, ca_key).add_extension(x509.BasicConstraints(True, None), critical=True)
    leaf_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "venue")])
    leaf = _builder(leaf_name, issuer, key).add_extension(
        x509.SubjectAlternativeName([*names, address]), critical=False
    )
    pem = serialization.Encoding.PEM
    ca_file.write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    chain = directory / "venue.pem"
    chain.write_bytes(
        leaf.sign(ca_key, hashes.SHA256()).public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
    )
