"""S3-compatible storage, each request with a deadline. It signs what it sends, so the storage refuses damaged parts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from aviary_common.errors import BadRequest, Forbidden, NotFound, Unavailable
from aviary_orchestration.archiving.settings import ArchiveSettings

COMPONENT: Final = "S3 storage"
RETRIES: Final = 3
BUCKET: Final = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"


def open_bucket(name: str | None, settings: ArchiveSettings) -> S3Store:
    """Nothing is sent yet."""
    bucket = name or settings.s3_bucket
    if not bucket:
        raise BadRequest("Name a bucket for the archive, or set AVIARY_S3_BUCKET.", code="no_bucket")
    if not re.fullmatch(BUCKET, bucket):
        raise BadRequest("No bucket can have that name.", code="bad_bucket")
    if settings.s3_key is None or settings.s3_secret is None:
        raise BadRequest("Archives cannot go to S3 without AVIARY_S3_KEY and AVIARY_S3_SECRET.", code="no_s3_keys")
    return S3Store(
        bucket,
        endpoint=settings.s3_endpoint_url or f"https://s3.{settings.s3_region}.amazonaws.com",
        region=settings.s3_region,
        access_key_id=settings.s3_key.get_secret_value(),
        secret_access_key=settings.s3_secret.get_secret_value(),
        client_options={
            "allow_http": (settings.s3_endpoint_url or "").startswith("http://"),
            "connect_timeout": "5s",
            "timeout": "300s",
        },
        retry_config={"max_retries": RETRIES},
    )


def length_of(bucket: S3Store, key: str) -> int | None:
    """``None``: there is no such object. Blocks."""
    try:
        with answering():
            return obstore.head(bucket, key)["size"]
    except NotFound:
        return None


@contextmanager
def answering() -> Iterator[None]:
    """What the storage may say, as errors of ours; its own texts hold addresses and are left out."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("There is no such bucket, or nothing of that name in it.", code="not_in_bucket") from error
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise Forbidden("The S3 storage refuses the key, or refuses it this bucket.", code="s3_refused") from error
    except (BaseError, OSError) as error:
        raise Unavailable(COMPONENT) from error
