"""Controllers that users keep in orchestration, run behind walls."""
