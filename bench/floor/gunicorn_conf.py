"""The floor runs as lean as we do: one process reads the code, the workers share it."""

preload_app = True
