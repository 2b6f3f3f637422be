"""The spot side: /api/v3, /sapi, /ws-api/v3."""
