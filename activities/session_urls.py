"""Ways into live sessions."""

from django.urls import path

from activities.views import live

urlpatterns = [
    # sessions/<session>/
    path("<slug:session>/", live.session, name="session"),
    path("<slug:session>/mine/", live.mine, name="session_mine"),
    path("<slug:session>/arrive/", live.arrive, name="session_arrive"),
    path("<slug:session>/act/<slug:action>/", live.act, name="session_act"),
    # what everybody sees alike comes before the verbs of the console, which may not take these names
    path("<slug:session>/<slug:face>/shared/", live.shared, name="session_shared"),
    path("<slug:session>/<slug:face>/events/", live.events, name="session_events"),
    path("<slug:session>/host/", live.host, name="session_host"),
    path("<slug:session>/host/<slug:verb>/", live.host_verb, name="session_verb"),
    path("<slug:session>/screen/", live.screen, name="session_screen"),
]
