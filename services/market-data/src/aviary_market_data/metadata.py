"""All tables of this service, and the outbox beside them."""

from sqlalchemy import MetaData

from aviary_common.database.outbox import outbox_table

metadata = MetaData()
outbox = outbox_table(metadata)
