"""Stop and archive: a job of recorded steps, which any replica can go on with."""
