"""Settings: sensible on one machine without any, everything else from the environment, checked in `environment.py`."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from cooperation import counting
from cooperation.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

environment = Environment.read(VAR_DIR)

DEBUG = environment.debug
SHOW_COMPONENTS = DEBUG  # the gallery is for whoever builds pages: on a machine of one’s own, the demo included
SECRET_KEY = environment.secret_key
SEAL_KEY = environment.seal_key  # signs the heads of the seal that are kept elsewhere
ALLOWED_HOSTS = environment.allowed_hosts
CSRF_TRUSTED_ORIGINS = environment.trusted_origins
SITE_URL = environment.site_url
SHARED_DATA = environment.shared_data  # real public data, read in place; never part of the repository

INSTALLED_APPS = [
    "cooperation",
    "territories",
    "partners",
    "projects",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_htmx",
    "django_structlog",
    "django_tasks",
    "django_tasks_db",
    "guardian",
    "simple_history",
]

MIDDLEWARE = [
    "cooperation.calls.roomy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partners.people.middleware.SignInFirst",
    "allauth.account.middleware.AccountMiddleware",
    "partners.people.middleware.CurrentIntercommunality",
    "cooperation.middleware.page_of_an_act",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "cooperation.middleware.RaisedOrdinals",
    "cooperation.middleware.FilesAway",
]

ROOT_URLCONF = "cooperation.urls"
WSGI_APPLICATION = "cooperation.wsgi.application"

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
                "partners.people.context.ways_in",
                "projects.portfolio.context.navigation",
            ],
            "builtins": ["cooperation.templatetags.french"],
        },
    }
]

DATABASES = {"default": environment.database}
CACHES = {"default": counting.IN_THE_DATABASE}

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "partners.people.backends.ScopeBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "projects:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "partners.people.adapters.ClosedDoorAdapter"  # accounts are opened by the administrator
ACCOUNT_FORMS = {
    "login": "partners.people.sign_in_forms.SignInForm",
    "reset_password": "partners.people.sign_in_forms.ForgottenPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # the subjects name the platform, in words
ACCOUNT_LOGOUT_ON_GET = False
# Ten wrong passwords in half an hour for an account, wherever they come from; a new password opens it again at once.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key,10/30m/key", "invitation": "30/m/ip"}
PROCONNECT = environment.proconnect  # empty: nothing of ProConnect is shown, its addresses do not exist
SOCIALACCOUNT_ADAPTER = "partners.people.proconnect.InvitedOnlyAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: a form that leads to another site is stopped by our own security policy
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "partners.people.passkey_forms.NewKeyForm",
    "edit_webauthn": "partners.people.passkey_forms.KeyNameForm",
}
MFA_TOTP_ISSUER = "Commun’accord"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the administrator opened the account under this address: there is nothing to verify
GUARDIAN_USER_OBJ_PERMS_MODEL = "guardian.UserObjectPermission"
GUARDIAN_RAISE_403 = False
ANONYMOUS_USER_NAME = None

LANGUAGE_CODE = "fr-fr"
TIME_ZONE = environment.time_zone
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = None

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts", VAR_DIR / "fonts")]
(VAR_DIR / "fonts").mkdir(exist_ok=True)
MEDIA_ROOT = VAR_DIR / "media"
PRINT_COURTESY = 19  # how much those who print give way to those who browse (nice): all that can be given
PRINT_STORE = VAR_DIR / "prints"  # what was already laid out; may be emptied at any time
STORAGES = environment.storages(MEDIA_ROOT)

globals().update(environment.mail())
DEFAULT_FROM_EMAIL = environment.mail_from
CONTACT_EMAIL = environment.contact_email  # where people write when the service resists them

SUBMISSION_PRINTER = "projects.report.tasks.print_submission"  # the task that prints the document of a submission
PRINTED_PAPERS = {  # what may be asked for on paper, by the kind of its job
    "territory_report": "projects.report.papers.TerritoryReport",
    "supplement": "projects.report.papers.Supplement",
    "project_sheet": "projects.report.papers.ProjectSheet",
    "session_copies": "projects.briefing.papers.SessionCopies",
    "session_note": "projects.briefing.papers.SessionNote",
    "session_pack": "projects.briefing.papers.SessionPack",
    "session_decisions": "projects.briefing.papers.SessionDecisions",
    "session_minutes": "projects.briefing.papers.SessionMinutes",
}
JOB_TASKS = dict.fromkeys(PRINTED_PAPERS, "projects.prints.tasks.print_next")  # how a job is resumed, by its kind

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "printing"]}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
if not DEBUG:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = environment.ssl_redirect
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # or all people are one address, and who guesses a password locks the others out
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LOGGING = environment.logging()
