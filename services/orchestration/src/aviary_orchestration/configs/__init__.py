"""Config files of controllers and scripts: YAML, one file each, as bots read them."""
