"""Why a bot has stopped, in one answer."""
