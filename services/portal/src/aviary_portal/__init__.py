"""The front door: name and version, docs, one OpenAPI document."""
