"""Every setting of Recovery, in the order a request meets them. Values of one installation come from the environment.

RECOVERY_ENV says where we run: `production` (the default, and the strict one), `local` (what run.py starts on
127.0.0.1) or `test`. The names are listed in docs/operate.md.
"""

import email.utils
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from recovery import checks, env, logs

django_stubs_ext.monkeypatch()  # lets code say ModelForm[Incident] and the like at run time

BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.choice("RECOVERY_ENV", "production", ("production", "local", "test"))
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
DEBUG = env.flag("DEBUG")
DEMO = env.flag("RECOVERY_DEMO")

SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else "insecure-and-only-for-local-use-and-tests")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# Where people reach us. Links in mails are made from SITE_URL, never from what a request claims its host is.
SITE_URL = env.text("SITE_URL", None if PRODUCTION else "http://localhost:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", SITE_HOST if PRODUCTION else f"{SITE_HOST},localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "incidents.views.public.csrf_failure"

# Everything we write that is not a row: uploads, collected static files, beat's memory of when it last rang.
STATE_DIR = Path(env.text("STATE_DIR", str(BASE_DIR / ".var"))).resolve()

# Application -----------------------------------------------------------------------------------------------------

checks.register_all()

INSTALLED_APPS = [
    "incidents",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "recovery.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "recovery.middleware.GZipMiddleware",  # pads at random, so a secret cannot be guessed from lengths
    "csp.middleware.CSPMiddleware",
    "recovery.middleware.CleanAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "recovery.middleware.DatabaseAwayMiddleware",
    "incidents.views.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "recovery.urls"
WSGI_APPLICATION = "recovery.wsgi.application"

# Django's own `i18n` with a quicker {% translate %} (incidents/templatetags/i18n.py): two of that name on purpose.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

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
                "incidents.context.chrome",
            ],
            "builtins": ["incidents.templatetags.quick"],
        },
    },
]

FORM_RENDERER = "incidents.forms.render.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# Data ------------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": env.database()
    | {
        "ATOMIC_REQUESTS": False,  # actions open their own transactions, so that nothing slow runs inside one
        "CONN_MAX_AGE": env.integer("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,  # a quiet restart of PostgreSQL must not become somebody's error page
    },
}
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", "5")
# The role that serves people, when another one owns the tables: `prepare_database` gives it its rights.
DATABASE_APP_ROLE = env.text("DATABASE_APP_ROLE", "")
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(STATE_DIR / "backups")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and rate limits stay in PostgreSQL: with Valkey down people still sign in and nobody is signed out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "recovery_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.integer("SESSION_HOURS", 12, at_least=1) * 60 * 60
SESSION_COOKIE_NAME = "recovery_session"
CSRF_COOKIE_NAME = "recovery_csrf"
CSRF_COOKIE_HTTPONLY = True  # pages hand the token to htmx in an attribute, no script reads the cookie
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Accounts --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "incidents.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "incidents.adapters.ClosedSignupAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators add people; nobody signs up
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays, every other one of the account ends
ACCOUNT_SESSION_REMEMBER = True  # SESSION_HOURS decides, not a tick box on a shared desk
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
# How many proxies of ours add to X-Forwarded-For: rate limits count the address the outermost one saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 0)
USERSESSIONS_TRACK_ACTIVITY = False  # would write to the database on every request

# Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "recovery" / "locale"]
USE_I18N = len(LANGUAGES) > 1  # a page says a hundred texts: with one language there is nothing to look up
USE_TZ = True
TIME_ZONE = "UTC"  # shown and entered in the zone of the incident's location

# Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
HASHED_STATIC = not (DEBUG or TESTING)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        # What uploads may not be: readable by others. An image is made by one user and served by another.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_USE_FINDERS = not HASHED_STATIC
WHITENOISE_AUTOREFRESH = DEBUG or TESTING  # else every test client reads all files again when it is made

# Uploads are never served from here by a URL: a view checks who asks and sends them as attachments.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(STATE_DIR / "media")))
MEDIA_URL = ""
FILE_UPLOAD_HANDLERS = [
    "incidents.uploads.CutOff",  # first: what is beyond the limit never reaches the disk
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Mail ------------------------------------------------------------------------------------------------------------

EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, at_least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 10, at_least=1)
# "smtp", or without a mail server: "files" on a machine of one's own, "off" in production. The pages say which.
MAIL = "smtp" if EMAIL_HOST else "off" if PRODUCTION else "files"
_BACKENDS = {"smtp": "smtp", "files": "filebased", "off": "dummy"}
EMAIL_BACKEND = f"django.core.mail.backends.{_BACKENDS[MAIL]}.EmailBackend"
EMAIL_FILE_PATH = STATE_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"Recovery <recovery@{SITE_HOST}>")
SERVER_EMAIL = email.utils.parseaddr(DEFAULT_FROM_EMAIL)[1]

# Browser rules ---------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # probes come from inside, without TLS
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 365 * 24 * 60 * 60) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if env.flag("TRUST_X_FORWARDED_PROTO"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Seconds that sending one reminder may take. A worker holds a reminder for three of these before another takes over.
SEND_TIMEOUT = env.integer("SEND_TIMEOUT", 10, at_least=1)

# Worker: recovery/celery.py holds its settings. The web process never speaks to the broker.
REDIS_URL = env.broker()
ALIVE_FILE = env.text("ALIVE_FILE", "")  # what a running worker touches, for the health check of its container

LOGGING_CONFIG = "recovery.logs.configure"
LOGGING = logs.Options(as_json=PRODUCTION, level=env.text("LOG_LEVEL", "INFO").upper(), with_messages=DEBUG or TESTING)


def _refuse_unsafe_production() -> None:
    """Stop the start of a production server that anybody could enter."""
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith(("insecure", "django-insecure")):
        raise ImproperlyConfigured("SECRET_KEY is a sample or too short: production needs 50 random characters.")
    if not ALLOWED_HOSTS or any("*" in host for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the exact hosts in production: no * and not empty.")
    if urlsplit(SITE_URL).scheme != "https":
        raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on: it shows settings and data to everybody. Production refuses it.")
    if DEMO:
        raise ImproperlyConfigured("RECOVERY_DEMO is on: the demo's passwords are public. Production refuses it.")


if PRODUCTION:
    _refuse_unsafe_production()
