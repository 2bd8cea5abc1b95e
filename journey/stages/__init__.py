"""The demo's invented municipalities further along the path: one module an app, by workflows."""
