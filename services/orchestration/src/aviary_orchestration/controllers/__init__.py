"""Controllers: their source, what their configs take, their configs, and the configs of bots that run them."""
