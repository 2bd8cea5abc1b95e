"""The demo's invented municipalities further along the path: one module an app, by workflows."""

"""The demo's work, step by step of the path: one module an app, each by the app's own workflows."""
"""How far the demo's invented municipalities have come on the path, one module an app."""
