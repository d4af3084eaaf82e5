"""A site that others can reach: everything secret or local comes from the environment."""

from learning_hub.settings import environment, observability
from learning_hub.settings.base import *  # noqa: F403

DEBUG = False
LOGGING = observability.logging()
HUB_IS_DEPLOYED = True
SECRET_KEY = environment.secret("HUB_SECRET_KEY")
ALLOWED_HOSTS = environment.hosts("HUB_ALLOWED_HOSTS")
# A host with a leading dot stands for all names below it, which origins write with a star.
CSRF_TRUSTED_ORIGINS = [
    f"https://*{host}" if host.startswith(".") else f"https://{host}" for host in ALLOWED_HOSTS
]
WAGTAILADMIN_BASE_URL = environment.origin(
    "HUB_BASE_URL", default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)

SECURE_SSL_REDIRECT = environment.truth("HUB_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
# How many proxies stand in front and add to X-Forwarded-For; throttling counts by address.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("HUB_TRUSTED_PROXIES", default=0, least=0)
# Such as submission://name:password@mail.example.org; by default, this machine's own mail server.
vars().update(environment.mail("HUB_EMAIL_URL", default="smtp://localhost:25"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.mail_address(
    "HUB_FROM_EMAIL", default=f"Learning Hub <no-reply@{ALLOWED_HOSTS[0].lstrip('.')}>"
)
