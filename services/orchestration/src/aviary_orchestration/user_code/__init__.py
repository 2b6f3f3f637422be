"""What users' controllers and scripts are made of, found out without running them in the service.

``service.UserCode`` asks; ``worker`` answers from behind walls, where Hummingbot's modules are stand-ins.
"""
