from pydantic import BaseModel

from aviary_common.models import Name, Tolerant


class AccountName(Tolerant):
    account_name: Name | None = None


class Message(BaseModel):
    message: str
