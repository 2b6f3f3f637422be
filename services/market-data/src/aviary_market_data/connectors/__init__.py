"""The connectors: names, credential fields, trading rules, order types."""
