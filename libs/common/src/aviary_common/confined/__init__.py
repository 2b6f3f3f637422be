"""Python that users wrote runs in here: a short-lived process without network, secrets, files or children.

``run.run_confined`` is the way in, ``limits.Limits`` what it may use, ``errors`` how it may end. The modules under
``walls`` and ``worker`` are the inside: they are loaded by the worker process and import nothing of the service.
"""
