"""Swaps through Gateway: quoted, executed, followed, searched."""
