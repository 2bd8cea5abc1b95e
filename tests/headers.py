"""The headers that every answer of the portal carries."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REFERRER = {"same-origin", "no-referrer"}  # the second where the address itself is a secret
POLICY = {
    "default-src 'self'", "img-src 'self' data:", "base-uri 'none'", "object-src 'none'",
    "frame-ancestors 'none'", "form-action 'self'",
}  # fmt: skip


def faults(response, *, signed_in):
    """What is missing or wrong among the headers of an answer."""
    wrong = [name for name, value in ALWAYS.items() if response.get(name) != value]
    if response.get("Referrer-Policy") not in REFERRER:
        wrong.append("Referrer-Policy")
    policy = {part.strip() for part in response.get("Content-Security-Policy", "").split(";")}
    if response.get("Content-Type", "").startswith("text/html") and not policy >= POLICY:
        wrong.append("Content-Security-Policy")
    if "default-src" not in response.get("Content-Security-Policy", ""):
        wrong.append("Content-Security-Policy")
    if "X-Request-ID" not in response:
        wrong.append("X-Request-ID")
    if signed_in and "no-store" not in response.get("Cache-Control", ""):
        wrong.append("Cache-Control")
    if signed_in and "cookie" not in response.get("Vary", "").lower():
        wrong.append("Vary")
    return wrong
