"""One row per snapshot, its documents in the form of the answer: written once, sent as they are.

``scope`` names what is in it for filters, without case: ``account/connector``, ``account/`` and ``/connector``.
"""

from sqlalchemy import ARRAY, JSON, Column, DateTime, String, Table

from aviary_accounts.metadata import metadata

snapshot = Table(
    "portfolio_snapshot",
    metadata,
    Column("taken_at", DateTime(timezone=True), primary_key=True),
    Column("scope", ARRAY(String), nullable=False),
    Column("state", JSON, nullable=False),
    Column("gaps", JSON, nullable=False),
)
