"""An image that starts as Hummingbot Gateway does, and answers nothing but ``GET /``."""
