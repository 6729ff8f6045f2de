"""Ways into the activities."""

from django.urls import path

from activities.views import reading, starting

urlpatterns = [
    path("", reading.activities, name="activities"),
    # <course>/: pages of a whole course come before activities, whose keys may not take their names
    path("<slug:course>/guide/", reading.booklet, name="activities_guide"),
    path("<slug:course>/group-work/", reading.recalled, name="activities_recalled"),
    path("<slug:course>/handouts/<slug:handout>/", reading.handout, name="handout"),
    path("<slug:course>/<slug:activity>/", reading.activity, name="activity"),
    path("<slug:course>/<slug:activity>/guide/", reading.guide, name="activity_guide"),
    path("<slug:course>/<slug:activity>/sessions/", starting.session_prepare, name="session_prepare"),
]
