"""The bundled controllers, one module each."""
