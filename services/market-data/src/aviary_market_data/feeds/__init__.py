"""Live feeds: one owner per connector, pair and kind in all replicas, and a copy in every replica that is asked."""
