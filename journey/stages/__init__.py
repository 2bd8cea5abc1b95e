"""How far the demo's invented municipalities have come on the path, one module an app."""
