"""How a service meets HTTP: the app factory and the middleware it stacks."""
