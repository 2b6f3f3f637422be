"""Hummingbot's own credential files: one YAML file per connector with encrypted values, and a file that proves the
password. Everything that encrypts or decrypts takes about a second of CPU: call it from a thread."""

from aviary_exchange.hummingbot_files.connector_file import ConnectorFile, read_connector_file, write_connector_file
from aviary_exchange.hummingbot_files.errors import BrokenFile, HummingbotFileError, UnknownContent, WrongPassword
from aviary_exchange.hummingbot_files.keyfile import DerivedKey, decrypt, encrypt
from aviary_exchange.hummingbot_files.password_file import check_password, write_password_file

__all__ = [
    "BrokenFile",
    "ConnectorFile",
    "DerivedKey",
    "HummingbotFileError",
    "UnknownContent",
    "WrongPassword",
    "check_password",
    "decrypt",
    "encrypt",
    "read_connector_file",
    "write_connector_file",
    "write_password_file",
]
