"""Addresses: each house brings its own; the frame names them by string and imports none of them."""

from django.conf import settings
from django.urls import include, path

from cooperation.gallery import gallery
from cooperation.health import healthz, readyz
from cooperation.pages import accessibility, privacy

handler403 = "cooperation.pages.refused"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accessibilite/", accessibility, name="accessibility"),
    path("vos-donnees/", privacy, name="privacy"),
    path("compte/", include("allauth.account.urls")),
    path("compte/2fa/", include("allauth.mfa.urls")),
    path("", include("territories.urls")),
    path("", include("partners.urls")),
    path("", include("projects.urls")),
]

if settings.SHOW_COMPONENTS:
    urlpatterns.append(path("composants/", gallery, name="gallery"))
