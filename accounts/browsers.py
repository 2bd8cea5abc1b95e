"""What a browser calls itself, in words that its owner knows."""

# The first word that is found tells; what pretends to be others stands before them.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> str:
    """Return for example "Firefox, Windows"; what is not known is told as it is, in short."""
    found = [first(user_agent, BROWSERS), first(user_agent, SYSTEMS)]
    return ", ".join(filter(None, found)) or user_agent[:60]


def first(user_agent: str, words: tuple[tuple[str, str], ...]) -> str:
    return next((name for word, name in words if word in user_agent), "")
