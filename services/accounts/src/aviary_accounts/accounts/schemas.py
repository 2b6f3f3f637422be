from pydantic import BaseModel

from aviary_common.models import Name, Tolerant, example


class AccountName(Tolerant):
    model_config = example({"account_name": "second_account"})

    account_name: Name | None = None


class Message(BaseModel):
    message: str
