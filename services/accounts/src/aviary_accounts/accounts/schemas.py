from pydantic import BaseModel

from aviary_common.models import Name, Tolerant


class AccountName(Tolerant):
    account_name: Name


class Message(BaseModel):
    message: str
