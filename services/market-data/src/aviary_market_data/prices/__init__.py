"""Last traded prices."""
