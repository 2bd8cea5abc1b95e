"""What differs between machines comes from the environment; everything else stands here.

`docs/operating.md` lists the variables. Without SECRET_KEY and DATABASE_URL nothing starts.
"""

import logging
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from integration_portal import logs, refusals

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # adds the page with the demo's people, codes and mails
SECRET_KEY = env("SECRET_KEY")  # no default: a machine without it refuses to start
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env("SITE_URL", default="http://localhost:8000")  # every mail's links start with it
HTTPS = urlsplit(SITE_URL).scheme == "https"
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / ".data")))

INSTALLED_APPS = [
    "journey",
    "strategies",
    "visits",
    "indexanalysis",
    "workinggroups",
    "applications",
    "drafting",
    "documents",
    "accounts",
    "notifications",
    "municipalities",
    "integration_portal.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # the widgets' templates, which FORM_RENDERER looks for
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_structlog",
]

MIDDLEWARE = [
    "integration_portal.tracing.Traced",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths tell no secret
    # Before whatever may answer by itself: the headers are on files and error pages too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "integration_portal.alive.Alive",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.NeverStored",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "integration_portal.errors.TooLarge",  # before the form's token is read, and its files with it
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.KnownOrigin",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.Limited",
    "accounts.middleware.SecondFactorRequired",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "integration_portal.urls"
WSGI_APPLICATION = "integration_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "integration_portal.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"] |= {"ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# In PostgreSQL, so that nobody is signed out while Redis is away; CACHE_URL may name another.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {"default": env.cache("CACHE_URL", default="dbcache://cache")}

CELERY_BROKER_URL = env("REDIS_URL", default="redis://localhost:6379/0")
# A page never waits for Redis: without `max_retries` a nudge costs 6 seconds while it is down.
# `visibility_timeout` (seconds) is far above what a task may take, or it would be started twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 900,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Helsinki"  # of the schedule below
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]  # what a stranger puts into an open broker is never unpickled
CELERY_TASK_IGNORE_RESULT = True  # what came of it is in our own rows
CELERY_TASK_TIME_LIMIT = 150  # seconds; the renderer's child stops before
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A PDF that takes a minute must not keep a mail waiting: production has a worker for `pdf` and
# one for `mail,celery` (the rest: sweepers). A worker that names no queue takes all of them.
QUEUES = ["mail", "pdf", "celery"]
CELERY_TASK_QUEUES = {name: {"exchange": name, "routing_key": name} for name in QUEUES}
CELERY_TASK_ROUTES = {
    "notifications.tasks.*": {"queue": "mail"},
    "*.tasks.produce_*": {"queue": "pdf"},
}
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=30)  # what a lost nudge waits at most
HEARTBEAT_SECONDS = env.float("HEARTBEAT_SECONDS", default=5)
PULSE_SECONDS = env.float("PULSE_SECONDS", default=20)  # a deaf worker ends after three of them
CELERY_PULSE_SECONDS = PULSE_SECONDS  # for `watching`, which knows the worker's settings alone
# So long without a sign a worker counts as lost.
SILENT_SECONDS = env.float("SILENT_SECONDS", default=6 * HEARTBEAT_SECONDS)
CLEAN_SECONDS = env.float("CLEAN_SECONDS", default=3600)  # between two looks at what may go
CELERY_BEAT_SCHEDULE = {
    "sweep-documents": {"task": "documents.tasks.sweep", "schedule": SWEEP_SECONDS},
    "sweep-files": {"task": "documents.tasks.sweep_files", "schedule": CLEAN_SECONDS},
    "purge-attachments": {
        "task": "applications.tasks.purge_attachments",
        "schedule": CLEAN_SECONDS,
    },
    "empty-withdrawn": {
        "task": "applications.tasks.empty_withdrawn",
        "schedule": CLEAN_SECONDS,
    },
    "remind-of-drafts": {"task": "applications.tasks.remind_of_drafts", "schedule": 60 * 60},
    "lapse-places": {"task": "applications.tasks.lapse_places", "schedule": 15 * 60},
    # An invitation is accepted in `accounts`, which knows nothing of the groups that wait for it.
    "link-members": {"task": "workinggroups.tasks.link_members", "schedule": SWEEP_SECONDS},
    "sweep-mails": {"task": "notifications.tasks.sweep", "schedule": SWEEP_SECONDS},
    "erase-mail-texts": {
        "task": "notifications.tasks.erase_texts",
        "schedule": crontab(hour=3, minute=10),
    },
    "sweep-tallies": {"task": "accounts.tasks.sweep_tallies", "schedule": crontab(minute=17)},
    "seal-audit": {"task": "accounts.tasks.seal_audit", "schedule": crontab(hour=1, minute=7)},
    "shorten-audit": {
        "task": "accounts.tasks.shorten_audit",
        "schedule": crontab(hour=2, minute=7),
    },
    "remind-reviewers": {"task": "applications.tasks.remind_reviewers", "schedule": 6 * 60 * 60},
    "warn-coordinators": {"task": "accounts.tasks.warn_coordinators", "schedule": 6 * 60 * 60},
}
CELERY_BEAT_SCHEDULE |= {
    f"canary-{queue}": {
        "task": "notifications.tasks.canary",
        "args": [queue],
        "schedule": PULSE_SECONDS,
        "options": {"queue": queue},
    }
    for queue in QUEUES
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mails'}")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_BACKEND = "notifications.folder.EmailBackend"  # safe for several processes
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="Integration portal <portal@localhost>")
MAIL_REPLY_TO = env("MAIL_REPLY_TO", default="")  # where an answer goes; else to the sender
EMAIL_TIMEOUT = 10  # seconds for each answer of the mail server
MAIL_RETRY_SECONDS = env.float("MAIL_RETRY_SECONDS", default=60)  # first pause; then twice as long
MAIL_STUCK_SECONDS = env.float("MAIL_STUCK_SECONDS", default=3600)  # then staff see it
MAIL_GIVE_UP_DAYS = env.float("MAIL_GIVE_UP_DAYS", default=5)
MAIL_HOURLY_LIMIT = env.int("MAIL_HOURLY_LIMIT", default=30)  # of one kind to one receiver
MAIL_TEXT_DAYS = env.int("MAIL_TEXT_DAYS", default=90)  # then the texts of sent mails are erased

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{VALIDATORS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": f"{VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "journey:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "journey:start"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or factor is told to its owner
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = False  # `accounts.limits` counts instead
LIMITS = env.dict("LIMITS", default={})  # "password=10/5": ten tries in five minutes
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 60 * 15  # seconds; pages and mails promise these minutes
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {"confirm_login_code": "accounts.sign_in_forms.LoginCodeForm"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
USERSESSIONS_ADAPTER = "accounts.adapters.SessionsAdapter"
AUDIT_KEEP_DAYS = env.int("AUDIT_KEEP_DAYS", default=731)
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "accounts.sign_in_forms.ReauthenticateForm",
    "login_webauthn": "accounts.sign_in_forms.LoginPasskeyForm",
    "authenticate_webauthn": "accounts.sign_in_forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "accounts.sign_in_forms.ReauthenticatePasskeyForm",
    "add_webauthn": "accounts.sign_in_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.sign_in_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://localhost; browsers refuse any other
MFA_TOTP_ISSUER = "Integration portal"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a changed address; nobody signs in with an unverified one

# A municipality's own sign-in service: named here, or nothing of it is loaded. See
# `docs/operating.md` for the form and `accounts.providers` for what a service may do.
OIDC_PROVIDERS = env.json("OIDC_PROVIDERS", default=None)
if OIDC_PROVIDERS is not None:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "accounts.providers.ProviderAdapter"
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": refusals.provider_apps(OIDC_PROVIDERS),
        }
    }

INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)  # how long a link works
INVITATIONS_A_DAY = env.int("INVITATIONS_A_DAY", default=30)  # a municipality, within 24 hours
INVITATIONS_A_DAY_BY_STAFF = env.int("INVITATIONS_A_DAY_BY_STAFF", default=300)
COORDINATOR_WARNING_DAYS = env.int("COORDINATOR_WARNING_DAYS", default=14)  # before a gap

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fi", "suomi"), ("sv", "svenska")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["integration_portal.formats"]  # en: "j F Y"; fi and sv: "j.n.Y"
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Europe/Helsinki"

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs them
MEDIA_ROOT = DATA_DIR / "files"  # private: no address leads there, `documents.serving` sends
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env(
            "STATIC_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = ["documents.receiving.ToDisk"]
UPLOAD_FILE_BYTES = env.int("UPLOAD_FILE_MB", default=50) << 20
UPLOAD_BUNDLE_BYTES = env.int("UPLOAD_BUNDLE_MB", default=200) << 20  # one application's files
UPLOAD_TOWN_BYTES = env.int("UPLOAD_TOWN_MB", default=1024) << 20
DISK_RESERVE_BYTES = env.int("DISK_RESERVE_MB", default=500) << 20  # must stay free on the disk
CLAMAV_URL = env("CLAMAV_URL", default="")  # tcp://host:3310 or unix:///path; empty: no check
# How long files stay. What is deleted after its time can be made again from the rows.
BIN_DAYS = env.float("BIN_DAYS", default=30)  # removed attachments, which can be put back
# A draft that was never submitted is emptied so long after it was withdrawn.
WITHDRAWN_DAYS = env.int("WITHDRAWN_DAYS", default=30)
ORPHAN_SECONDS = env.float("ORPHAN_SECONDS", default=86_400)  # files that no row refers to
DOCUMENT_DAYS = {
    "applications.tasks.produce_receipt": env.float("RECEIPT_DAYS", default=730),
    "applications.tasks.produce_letter": env.float("LETTER_DAYS", default=1825),
    "indexanalysis.tasks.produce_report": env.float("REPORT_DAYS", default=365),
    "workinggroups.tasks.produce_notes": env.float("NOTES_DAYS", default=730),
    "visits.tasks.produce_report": env.float("VISIT_REPORT_DAYS", default=730),
    "strategies.tasks.produce_strategy": env.float("STRATEGY_DAYS", default=1825),
}
OTHER_DOCUMENT_DAYS = env.float("OTHER_DOCUMENT_DAYS", default=30)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the charts
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        # A form that leads to a municipality's sign-in service ends there.
        "form-action": ["'self'", *refusals.origins(OIDC_PROVIDERS or [])],
    }
}
CSRF_FAILURE_VIEW = "integration_portal.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# What https needs follows the address, not DEBUG: the demo on http://localhost works as it is.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"
SESSION_COOKIE_AGE = 60 * 60 * 20  # a working day is not interrupted (WCAG 2.2.1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20  # bytes of a form without files
# A call with all its parts is one form; and one box for each application and reviewer: all 308
# municipalities, eight reviewers each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 3

# "json": one object a line, for a machine that collects them; "lines": for a person.
LOGGING = logs.configure(
    env("LOG_FORMAT", default="lines" if DEMO else "json"), env("LOG_LEVEL", default="INFO")
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True  # a task's lines carry the id of the request that asked
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_FAILURE_LOG_LEVEL = logging.ERROR

SHIPPED_EDITION = "2026"  # what a visitor reads before applying, and what a new round opens with
PORTAL_NAME = _("Integration portal")

if wrong := refusals.faults(globals() | {"WEB_WORKERS": env.int("WEB_WORKERS", default=2)}):
    raise ImproperlyConfigured("These settings are refused:\n- " + "\n- ".join(wrong))
