"""The container of Hummingbot Gateway. gateway-proxy asks for it: only this service talks to Docker."""
