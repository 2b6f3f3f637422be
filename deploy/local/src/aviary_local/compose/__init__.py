"""The same stack in containers: what `docker-compose.yml` cannot say by itself is computed here, from the topology."""
