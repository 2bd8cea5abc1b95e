"""Settings that nobody can have meant: with one of them, no process of the portal starts.

Read by `settings.py`, so it knows no Django. Most rules hold where the address is https, which is
where real people are; some hold everywhere.
"""

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

Settings = Mapping[str, Any]
Rule = Callable[[Settings], bool]

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SHORTEST_SECRET = 50
FEWEST_SIGNS = 12  # different ones in a secret
KEPT_DAYS = 730  # of the audit; the database refuses to remove younger entries
NEEDED_OF_PROVIDER = ("id", "name", "server_url", "client_id", "secret", "domains")
ANYBODYS_MAIL = {
    "gmail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "proton.me",
}  # fmt: skip
FOLDERS = ("filebased", "console", "dummy", "locmem")
ONE_PROCESS = ("locmem", "dummy")
WEAK_HASHES = ("MD5", "SHA1", "Unsalted", "Crypt")
HOST_BOUND = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")


def faults(settings: Settings) -> list[str]:
    """Return what is wrong with the settings, one sentence each; nothing if they may be used."""
    everywhere = [text for text, broken in ALWAYS if broken(settings)]
    https = [text for text, broken in IN_PRODUCTION if settings["HTTPS"] and broken(settings)]
    return everywhere + https + provider_faults(settings)


def weak(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_SIGNS or "insecure" in secret


def open_redis(url: str) -> bool:
    """Whether the broker or cache at `url` answers other machines without a password."""
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss", "rediscache", "rediscaches"}:
        return False
    return not parts.password and not is_loopback(parts.hostname or "localhost")


def is_loopback(host: str) -> bool:
    try:
        return host in LOOPBACK or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def site(settings: Settings) -> Any:
    return urlsplit(settings["SITE_URL"])


def cache_of(settings: Settings) -> Any:
    return settings["CACHES"]["default"]


def locations(settings: Settings) -> list[str]:
    found = cache_of(settings).get("LOCATION") or []
    return [found] if isinstance(found, str) else list(found)


def is_number_pair(text: str) -> bool:
    parts = text.split("/")
    return len(parts) == 2 and all(part.isdigit() and int(part) > 0 for part in parts)


def loose(policy: Iterable[str]) -> bool:
    return any("unsafe" in source or source in {"*", "http:", "https:"} for source in policy)


ALWAYS: list[tuple[str, Rule]] = [
    (
        "SITE_URL is an address like https://portal.example.org, without path or slash at its end.",
        lambda s: (
            site(s).scheme not in {"http", "https"}
            or not site(s).hostname
            or bool(site(s).path or site(s).query)
        ),
    ),
    (
        "SITE_URL begins with https wherever the portal is not on this machine alone.",
        lambda s: site(s).scheme == "http" and not is_loopback(site(s).hostname or ""),
    ),
    (
        "The allowed host is one name; “*” or a leading dot would let mails name another's.",
        lambda s: any(not host or "*" in host or host[0] == "." for host in s["ALLOWED_HOSTS"]),
    ),
    (
        "The database is PostgreSQL: DATABASE_URL begins with postgres://.",
        lambda s: not s["DATABASES"]["default"]["ENGINE"].endswith("postgresql"),
    ),
    (
        "A broker on another machine has a password: REDIS_URL=redis://:password@host:6379/0.",
        lambda s: open_redis(s["CELERY_BROKER_URL"]),
    ),
    (
        "A cache on another machine has a password, like the broker.",
        lambda s: any(open_redis(url) for url in locations(s)),
    ),
    (
        "A cache in the memory of one process needs WEB_WORKERS=1.",
        lambda s: any(n in cache_of(s)["BACKEND"] for n in ONE_PROCESS) and s["WEB_WORKERS"] > 1,
    ),
    (
        "Celery takes JSON only, for tasks and for what it accepts.",
        lambda s: s["CELERY_ACCEPT_CONTENT"] != ["json"] or s["CELERY_TASK_SERIALIZER"] != "json",
    ),
    (
        "LIMITS holds pairs like password=10/5: tries and minutes, both at least 1.",
        lambda s: not all(map(is_number_pair, s["LIMITS"].values())),
    ),
    (
        f"AUDIT_KEEP_DAYS is at least {KEPT_DAYS}, the two years that the audit must be kept.",
        lambda s: s["AUDIT_KEEP_DAYS"] < KEPT_DAYS,
    ),
    (
        "TRUSTED_PROXIES is the number of proxies before the portal, 0 or more.",
        lambda s: s["ALLAUTH_TRUSTED_PROXY_COUNT"] < 0,
    ),
    (
        "SWEEP_SECONDS and HEARTBEAT_SECONDS are above 0.",
        lambda s: min(s["SWEEP_SECONDS"], s["HEARTBEAT_SECONDS"]) <= 0,
    ),
    (
        "No code may open every account: MFA_TOTP_INSECURE_BYPASS_CODE is not set.",
        lambda s: bool(s.get("MFA_TOTP_INSECURE_BYPASS_CODE")),
    ),
]
IN_PRODUCTION: list[tuple[str, Rule]] = [
    ("DEBUG is off: its pages show settings and code.", lambda s: s["DEBUG"]),
    ("DEMO is off: its page shows everybody's codes and mails.", lambda s: s["DEMO"]),
    (
        f"SECRET_KEY is random and has at least {SHORTEST_SECRET} signs.",
        lambda s: weak(s["SECRET_KEY"]),
    ),
    (
        "SECRET_KEY_FALLBACKS holds former keys, as strong as the present one and not that one.",
        lambda s: any(k == s["SECRET_KEY"] or weak(k) for k in s["SECRET_KEY_FALLBACKS"]),
    ),
    (
        "Mails are sent, not stored: EMAIL_URL=smtp+tls://user:password@host:587.",
        lambda s: any(name in s["EMAIL_BACKEND"] for name in FOLDERS),
    ),
    (
        "A mail server on another machine is spoken to with TLS: smtp+tls:// or smtp+ssl://.",
        lambda s: (
            s["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
            and not is_loopback(s.get("EMAIL_HOST") or "localhost")
            and not (s.get("EMAIL_USE_TLS") or s.get("EMAIL_USE_SSL"))
        ),
    ),
    (
        "MAIL_FROM is an address that people can answer.",
        lambda s: "@localhost" in s["DEFAULT_FROM_EMAIL"] or "@" not in s["DEFAULT_FROM_EMAIL"],
    ),
    ("Cookies travel over https only.", lambda s: not all(s[name] for name in COOKIES)),
    (
        "Cookies are bound to this host: their names begin with __Host-.",
        lambda s: not all(s[name].startswith("__Host-") for name in HOST_BOUND),
    ),
    (
        "Browsers are told to come by https for at least a year.",
        lambda s: not s["SECURE_SSL_REDIRECT"] or s["SECURE_HSTS_SECONDS"] < 60 * 60 * 24 * 365,
    ),
    (
        "The content policy names no unsafe source.",
        lambda s: any(map(loose, s["CONTENT_SECURITY_POLICY"]["DIRECTIVES"].values())),
    ),
    (
        "Passwords are stored with a slow hash.",
        lambda s: any(w in name for name in s.get("PASSWORD_HASHERS", ()) for w in WEAK_HASHES),
    ),
    (
        "A passkey is accepted from this address only.",
        lambda s: s["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"],
    ),
    (
        "The files that people made lie outside of what is served to everybody.",
        lambda s: str(s["MEDIA_ROOT"]).startswith(str(s["STATIC_ROOT"])),
    ),
]


def provider_faults(settings: Settings) -> list[str]:
    found = []
    for provider in settings["OIDC_PROVIDERS"] or []:
        name = provider.get("name") or provider.get("id") or "?"
        found += [f"OIDC_PROVIDERS, {name}: {text}" for text in faults_of_provider(provider)]
    ids = [provider.get("id") for provider in settings["OIDC_PROVIDERS"] or []]
    if len(set(ids)) < len(ids):
        found.append("OIDC_PROVIDERS: each has an id of its own.")
    return found


def faults_of_provider(provider: Settings) -> list[str]:
    missing = [name for name in NEEDED_OF_PROVIDER if not provider.get(name)]
    if missing:
        return [f"{', '.join(missing)} missing."]
    found = []
    address = urlsplit(provider["server_url"])
    if address.scheme != "https" and not is_loopback(address.hostname or ""):
        found.append("server_url begins with https.")
    if not all(map(is_own_domain, provider["domains"])):
        found.append("domains are the municipality's own, like oulu.fi: no @, no *, no free mail.")
    return found


def is_own_domain(domain: str) -> bool:
    plain = domain == domain.lower() and "." in domain and not set(domain) & set("@*/ ")
    return plain and domain not in ANYBODYS_MAIL


def provider_apps(providers: Sequence[Settings]) -> list[dict[str, Any]]:
    """Return the services in the form that allauth reads."""
    return [
        {
            "provider_id": provider.get("id"),
            "name": provider.get("name"),
            "client_id": provider.get("client_id"),
            "secret": provider.get("secret"),
            "settings": {
                "server_url": provider.get("server_url"),
                "domains": provider.get("domains"),
                "mfa": provider.get("mfa") or {},
            },
        }
        for provider in providers
    ]


def origins(providers: Sequence[Settings]) -> list[str]:
    """Return where a form may lead besides our own pages: the services' addresses."""
    found = set()
    for provider in providers:
        for url in [provider.get("server_url", ""), *provider.get("form_origins", [])]:
            parts = urlsplit(url)
            found.add(f"{parts.scheme}://{parts.netloc}")
    return sorted(found)
