"""Every futures route."""

from aviary_sandbox_exchange.http.endpoints import Routes

ROUTES: Routes = {}
