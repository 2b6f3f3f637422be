from pydantic import BaseModel

from aviary_common.access.accounts import AllowedAccount
from aviary_common.models import Tolerant, example


class AccountName(Tolerant):
    model_config = example({"account_name": "second_account"})

    account_name: AllowedAccount | None = None


class Message(BaseModel):
    message: str
