"""Exchange credentials: checked at the venue, encrypted at rest."""
