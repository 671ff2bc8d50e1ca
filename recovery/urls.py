"""Which part answers which address."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from recovery import health

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def not_here(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Pages that come with allauth and are not ours: administrators change logins, nobody else."""
    raise Http404


urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("accounts/email/", not_here),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("incidents.urls")),
]

handler400 = "incidents.views.public.bad_request"
handler403 = "incidents.views.public.permission_denied"
handler404 = "incidents.views.public.page_not_found"
handler500 = "incidents.views.public.server_error"
