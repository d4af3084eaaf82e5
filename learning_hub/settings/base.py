"""What every installation shares."""

from pathlib import Path

from learning_hub.settings import environment
from learning_hub.settings.database_server import database
from learning_hub.settings.observability import (  # noqa: F401
    HUB_METRICS_ALLOWED,
    HUB_METRICS_TOKEN,
    HUB_VERSION,
)
from learning_hub.settings.search_server import *  # noqa: F403

PROJECT_DIR = Path(__file__).resolve().parents[2]
# Everything that a running site writes is below one folder, so one folder is backed up.
VAR_DIR = environment.folder("HUB_VAR_DIR", default=PROJECT_DIR / "var")

INSTALLED_APPS = [
    "learning_hub.home",
    "case_studies",
    "case_studies.alerts",
    "case_studies.submissions",
    "syllabus",
    "learning_hub.guidance",
    "learning_hub.regions",
    "learning_hub.updates",
    "learning_hub.events",
    "learning_hub.resources",
    "learning_hub.bookmarks",
    "learning_hub.feedback",
    "learning_hub.upkeep",
    "search",
    "learning_hub.pages",
    "learning_hub.blocks",
    "learning_hub.taxonomy",
    "learning_hub.accounts",
    "learning_hub.media",
    "learning_hub.design_system",
    "learning_hub.operations",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "learning_hub.accounts.users_app.HubUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "learning_hub.operations.addresses.AddressesMiddleware",
    "learning_hub.operations.visits.VisitsMiddleware",
    "learning_hub.once.OnceAVisitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "learning_hub.design_system.security_headers.SecurityHeadersMiddleware",
    "learning_hub.problem_documents.ProblemDocumentsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "learning_hub.pages.impossible_address.ImpossibleAddressMiddleware",
    "learning_hub.pages.moved_pages.MovedPageMiddleware",
    "learning_hub.pages.refused_publication.RefusedPublicationMiddleware",
]

ROOT_URLCONF = "learning_hub.urls"
WSGI_APPLICATION = "learning_hub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["learning_hub.design_system.templatetags.design_system"],
        },
    },
]

DATABASES = {"default": database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'hub.sqlite3'}")}
# Throttling counts in here, so all processes must see the same. Its table comes by migration.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Flooding with other keys must not push a throttle's count out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Kept in the database already.
    "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
SESSION_ENGINE = "learning_hub.accounts.sessions"
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "learning_hub.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "learning_hub.accounts.forms.LoginForm",
    "signup": "learning_hub.accounts.forms.SignupForm",
    "reset_password": "learning_hub.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "learning_hub.accounts.forms.ResetPasswordKeyForm",
    "change_password": "learning_hub.accounts.forms.ChangePasswordForm",
    "add_email": "learning_hub.accounts.forms.AddEmailForm",
    "reauthenticate": "learning_hub.accounts.forms.ReauthenticateForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # one field that can be shown, not two hidden
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Learning Hub: "
ACCOUNT_CHANGE_EMAIL = True  # one address a person; the old one stays until the new is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Someone who lacks a page's permission is sent to sign in; sent on at once, she would go round
# in circles.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
# A hospital's people share one address, so limits by address are wide; an account's are narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    # Forms that anyone may send. The key of an alert is the address that a mail would go to.
    "report_problem": "30/h/ip",
    "share_initiative": "30/h/ip",
    "alert": "60/h/ip,5/h/key",
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# `manage.py build_frontend` puts the design system's own files here, out of their package.
FRONTEND_BUILD_DIR = VAR_DIR / "frontend"
STATICFILES_DIRS = [PROJECT_DIR / "static", FRONTEND_BUILD_DIR]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    # In MEDIA_ROOT, or in a bucket that all web machines share.
    "default": environment.media_storage("HUB_MEDIA_STORAGE"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Page editors with many rows post more fields than Django's default of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
X_FRAME_OPTIONS = "DENY"  # Wagtail lets its previews be framed itself

WAGTAIL_SITE_NAME = "Learning Hub"
WAGTAILADMIN_BASE_URL = environment.text("HUB_BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no request leaves the site's own origin
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("en-gb", "English")]
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # passwords are changed on the account pages
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "media.HubImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.HubDocument"
# Films, recordings and their captions are played in the page, so they come with their own type
# and not as a download.
HUB_MEDIA_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "vtt": "text/vtt",
}
WAGTAILDOCS_EXTENSIONS = [
    *("csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx", "zip"),
    *HUB_MEDIA_TYPES,
]
WAGTAILDOCS_CONTENT_TYPES = HUB_MEDIA_TYPES
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf", *HUB_MEDIA_TYPES.values()]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # embeds would call other origins
# The admin's own search; visitors are served by the search app.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True

HUB_SEARCH_INDEX_DIR = VAR_DIR / "search-index"

# Whether others can reach this site, so that upgrades hold it to Django's deployment checks.
HUB_IS_DEPLOYED = False

# The private keys that sign certificates. Servers that share a database must share this folder.
HUB_ISSUER_KEY_DIR = Path(
    environment.text("HUB_ISSUER_KEY_DIR", default=str(VAR_DIR / "issuer-keys"))
)
