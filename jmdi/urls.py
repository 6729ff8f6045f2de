"""Every way in. Each app owns its own list."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from jmdi import views

# The admin's own form knows no rate limit and no second factor.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("courses.urls")),
    path("", include("cohorts.urls")),
    path("cohorts/", include("activities.agenda_urls")),
    path("activities/", include("activities.urls")),
    path("sessions/", include("activities.session_urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("jmdi.demo_urls")))

handler400 = "jmdi.views.bad_request"
handler403 = "jmdi.views.forbidden"
handler404 = "jmdi.views.not_found"
handler500 = "jmdi.views.server_error"
