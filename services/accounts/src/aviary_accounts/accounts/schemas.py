from pydantic import BaseModel

from aviary_common.access.accounts import AllowedAccount
from aviary_common.models import Tolerant


class AccountName(Tolerant):
    account_name: AllowedAccount | None = None


class Message(BaseModel):
    message: str
