"""From a request to a running bot, or to nothing at all."""
