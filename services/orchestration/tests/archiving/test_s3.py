"""Against a server that speaks S3 on a loopback port."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import boto3
import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.exceptions import GenericError, PermissionDeniedError, UnauthenticatedError
from pydantic import SecretStr

from aviary_common.errors import AviaryError, BadRequest, Forbidden, NotFound, Unavailable, Unprocessable
from aviary_orchestration.archiving import bucket as buckets
from aviary_orchestration.archiving.s3 import archive_to_s3
from aviary_orchestration.archiving.service import Archiving
from aviary_orchestration.archiving.settings import ArchiveSettings
from aviary_orchestration.folder import BotsFolder

from .instances import SECRET, files_of, kept, make_instance

BUCKET = "bots-archive"
LARGE = 40 * 2**20


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadedMotoServer]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def settings(server: ThreadedMotoServer) -> ArchiveSettings:
    host, port = server.get_host_and_port()
    return ArchiveSettings(
        s3_key=SecretStr("testing"), s3_secret=SecretStr("testing"), s3_endpoint_url=f"http://{host}:{port}"
    )


@pytest.fixture
def storage(settings: ArchiveSettings) -> Iterator[Any]:
    """Somebody else's client of the same storage, with an empty bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint_url,
        region_name=settings.s3_region,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_bucket(Bucket=BUCKET)
    yield client
    for key in keys(client):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)
    client.close()


@pytest.fixture(autouse=True)
def no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "RETRIES", 0)


def keys(storage: Any) -> list[str]:
    return [item["Key"] for item in storage.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def unpacked(storage: Any, key: str, where: Path) -> dict[str, bytes]:
    content = storage.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert SECRET not in content
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
        assert {(member.uid, member.uname, member.mode & 0o077) for member in tar} == {(0, "", 0)}
        tar.extractall(where, filter="data")
    return files_of(where / "bot")


async def test_the_folder_becomes_an_object_and_goes(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings, tmp_path: Path
) -> None:
    make_instance(bots)
    assert await archive_to_s3(bots, "bot", BUCKET, settings) == f"s3://{BUCKET}/bot_archive.tar.gz"
    assert unpacked(storage, "bot_archive.tar.gz", tmp_path) == kept()
    assert list(bots.instances.iterdir()) == []


async def test_a_large_folder_goes_in_parts(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings, tmp_path: Path
) -> None:
    data = Random(1).randbytes(LARGE)
    make_instance(bots, data=data)
    await archive_to_s3(bots, "bot", BUCKET, settings)
    assert "-" in storage.head_object(Bucket=BUCKET, Key="bot_archive.tar.gz")["ETag"]
    assert unpacked(storage, "bot_archive.tar.gz", tmp_path)["data/bot.sqlite"] == data


async def test_a_refused_upload_leaves_the_folder_and_no_object(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings
) -> None:
    source = make_instance(bots)
    before = files_of(source)
    with pytest.raises(NotFound) as refusal:
        await archive_to_s3(bots, "bot", "no-such-bucket", settings)
    assert refusal.value.code == "not_in_bucket"
    assert files_of(source) == before


@pytest.mark.parametrize("size", [10, LARGE])
async def test_an_upload_that_breaks_off_leaves_the_folder_and_no_object(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    source = make_instance(bots, data=Random(1).randbytes(size))
    before = files_of(source)
    add = tarfile.TarFile.addfile

    def fail_at_the_log(tar: tarfile.TarFile, info: tarfile.TarInfo, content: Any = None) -> None:
        if info.name.endswith(".log"):
            raise OSError(5, "Input/output error", str(source))
        add(tar, info, content)

    monkeypatch.setattr(tarfile.TarFile, "addfile", fail_at_the_log)
    with pytest.raises(Unavailable, match="Input/output error") as refusal:
        await archive_to_s3(bots, "bot", BUCKET, settings)
    assert str(bots.root) not in refusal.value.detail
    assert keys(storage) == []
    assert not storage.list_multipart_uploads(Bucket=BUCKET).get("Uploads")
    assert files_of(source) == before


async def test_storage_that_is_not_there_is_unavailable(bots: BotsFolder, settings: ArchiveSettings) -> None:
    source = make_instance(bots)
    nobody = settings.model_copy(update={"s3_endpoint_url": "http://127.0.0.1:1"})
    with pytest.raises(Unavailable) as refusal:
        await archive_to_s3(bots, "bot", BUCKET, nobody)
    assert "127.0.0.1" not in refusal.value.detail
    assert source.exists()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (PermissionDeniedError("403 http://10.0.0.1/bucket"), Forbidden),
        (UnauthenticatedError("401 http://10.0.0.1/bucket"), Forbidden),
        (FileNotFoundError("404 http://10.0.0.1/bucket"), NotFound),
        (GenericError("500 http://10.0.0.1/bucket"), Unavailable),
        (OSError("reset by http://10.0.0.1/bucket"), Unavailable),
    ],
)
def test_what_the_storage_says_is_an_error_without_its_address(said: Exception, meant: type[AviaryError]) -> None:
    with pytest.raises(meant) as refusal, buckets.answering():
        raise said
    assert "10.0.0.1" not in refusal.value.detail


async def test_an_object_of_another_length_is_not_believed(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_instance(bots)
    before = files_of(source)
    head = obstore.head

    def shorter(store: Any, key: str) -> dict[str, Any]:
        found = dict(head(store, key))
        return found | {"size": found["size"] - 1}

    monkeypatch.setattr(obstore, "head", shorter)
    with pytest.raises(Unavailable, match="does not hold all"):
        await archive_to_s3(bots, "bot", BUCKET, settings)
    assert files_of(source) == before


async def test_an_object_is_never_overwritten_and_asking_again_tells_the_last(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings
) -> None:
    for expected in ("bot_archive.tar.gz", "bot.2_archive.tar.gz"):
        make_instance(bots)
        assert await archive_to_s3(bots, "bot", BUCKET, settings) == f"s3://{BUCKET}/{expected}"
        assert await archive_to_s3(bots, "bot", BUCKET, settings) == f"s3://{BUCKET}/{expected}"
    assert len(keys(storage)) == 2


async def test_what_an_interrupted_removal_left_goes_when_asked_again(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings
) -> None:
    make_instance(bots)
    address = await archive_to_s3(bots, "bot", BUCKET, settings)
    make_instance(bots).rename(bots.instances / ".bot.leaving")
    assert await archive_to_s3(bots, "bot", BUCKET, settings) == address
    assert list(bots.instances.iterdir()) == []


@pytest.mark.parametrize("name", ["nobody", "../archived"])
async def test_an_unknown_instance_is_not_found(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings, name: str
) -> None:
    with pytest.raises(NotFound, match="no bot instance"):
        await archive_to_s3(bots, name, BUCKET, settings)


async def test_links_out_of_the_folder_are_refused_before_anything_is_sent(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings
) -> None:
    (make_instance(bots) / "data" / "all").symlink_to("/")
    with pytest.raises(Unprocessable):
        await archive_to_s3(bots, "bot", BUCKET, settings)
    assert keys(storage) == []


@pytest.mark.parametrize(
    ("given", "bucket", "code"),
    [
        (ArchiveSettings(s3_key=SecretStr("k"), s3_secret=SecretStr("s")), None, "no_bucket"),
        (ArchiveSettings(s3_key=SecretStr("k")), BUCKET, "no_s3_keys"),
        (ArchiveSettings(s3_key=SecretStr("k"), s3_secret=SecretStr("s")), "../other", "bad_bucket"),
    ],
)
async def test_missing_settings_are_named(
    bots: BotsFolder, given: ArchiveSettings, bucket: str | None, code: str
) -> None:
    make_instance(bots)
    with pytest.raises(BadRequest) as refusal:
        await archive_to_s3(bots, "bot", bucket, given)
    assert refusal.value.code == code


async def test_the_default_bucket_is_taken_when_none_is_named(
    bots: BotsFolder, storage: Any, settings: ArchiveSettings
) -> None:
    make_instance(bots)
    archiving = Archiving(bots, settings.model_copy(update={"s3_bucket": BUCKET}))
    told = await archiving.archive("bot", locally=False, bucket=None)
    assert told == f"Its folder is s3://{BUCKET}/bot_archive.tar.gz."


@pytest.mark.parametrize(
    "names",
    [
        ("AVIARY_S3_KEY", "AVIARY_S3_SECRET", "AVIARY_S3_BUCKET"),
        ("AWS_API_KEY", "AWS_SECRET_KEY", "AWS_S3_DEFAULT_BUCKET_NAME"),
    ],
)
def test_both_names_of_the_settings_are_read(names: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(names, ("key", "secret", "bucket"), strict=True):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AVIARY_S3_ENDPOINT_URL", "https://storage.example")
    settings = ArchiveSettings()
    assert settings.s3_key is not None
    assert settings.s3_secret is not None
    assert (settings.s3_key.get_secret_value(), settings.s3_secret.get_secret_value()) == ("key", "secret")
    assert (settings.s3_bucket, settings.s3_endpoint_url) == ("bucket", "https://storage.example")
    assert "secret" not in repr(settings).replace("s3_secret", "")
