"""Ways into a person's own account; allauth brings the others."""

from django.urls import path

from accounts import views

urlpatterns = [
    # accounts/
    path("", views.account, name="account_overview"),
    path("profile/", views.profile, name="account_profile"),
    path("sessions/end/", views.end_session, name="account_end_session"),
    path("whoami/", views.whoami, name="whoami"),
    path("back/", views.back, name="account_back"),
]
