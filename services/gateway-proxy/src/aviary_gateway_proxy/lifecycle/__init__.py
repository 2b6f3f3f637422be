"""Gateway's life: its certificates, its start, whether it answers, its end, and what it has printed."""
