"""What the portal answers in others' stead is said to everybody who has a login."""

from aviary_common.access import EVERY_ROUTE, Rights
from aviary_portal.api import METHODS

RIGHTS = Rights(reading="".join(f"{method} /{{path}}\n" for method in METHODS), restricted=EVERY_ROUTE)
