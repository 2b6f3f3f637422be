"""Moving what a bot has left behind out of the way, to this disk's archive or to S3."""
