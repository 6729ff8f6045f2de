"""Ways into live sessions."""

from django.urls import path

from activities.views import groups, hosting, live, paper, results, sheets

urlpatterns = [
    path("", results.sessions, name="sessions"),
    # sessions/<session>/
    path("<slug:session>/", live.session, name="session"),
    path("<slug:session>/mine/", live.mine, name="session_mine"),
    path("<slug:session>/arrive/", live.arrive, name="session_arrive"),
    path("<slug:session>/act/<slug:action>/", live.act, name="session_act"),
    path("<slug:session>/drafts/<int:position>/<slug:action>/", live.draft, name="session_draft"),
    path("<slug:session>/drafts/<uuid:draft>/", live.draft_drop, name="session_draft_drop"),
    path("<slug:session>/results/", results.results, name="session_results"),
    path("<slug:session>/results/csv/", results.download, name="session_download"),
    # what everybody sees alike comes before the verbs of the console, which may not take these names
    path("<slug:session>/<slug:face>/shared/", live.shared, name="session_shared"),
    path("<slug:session>/<slug:face>/events/", live.events, name="session_events"),
    # for those who facilitate
    path("<slug:session>/host/", hosting.host, name="session_host"),
    path("<slug:session>/host/groups/", groups.groups, name="session_groups"),
    path("<slug:session>/host/groups/wish/", groups.groups_wish, name="session_groups_wish"),
    path("<slug:session>/host/groups/move/", groups.groups_move, name="session_groups_move"),
    path("<slug:session>/host/groups/free/", groups.groups_free, name="session_groups_free"),
    path("<slug:session>/host/take/", hosting.take, name="session_take"),
    # the paper twin: host/paper/<position of the phase>/
    path("<slug:session>/host/paper/", paper.paper, name="session_paper"),
    path("<slug:session>/host/paper/person/", paper.paper_person, name="session_paper_person"),
    path("<slug:session>/host/paper/<int:position>/", paper.paper_step, name="session_paper_step"),
    path(
        "<slug:session>/host/paper/<int:position>/<uuid:entry>/take-back/",
        paper.paper_take_back,
        name="session_paper_take_back",
    ),
    path("<slug:session>/host/kit/", paper.kit, name="session_kit"),
    path("<slug:session>/host/to-paper/", paper.to_paper, name="session_to_paper"),
    path("<slug:session>/host/<slug:verb>/", hosting.host_verb, name="session_verb"),
    path("<slug:session>/screen/", hosting.screen, name="session_screen"),
    path("<slug:session>/settings/", hosting.set_up, name="session_set_up"),
    path("<slug:session>/end/", hosting.end, name="session_end"),
    path("<slug:session>/delete/", hosting.delete, name="session_delete"),
    # sheets/<position of the phase>/<number of the group>/
    path("<slug:session>/sheets/<int:position>/<int:group>/", sheets.sheet, name="session_sheet"),
    path("<slug:session>/sheets/<int:position>/<int:group>/correct/", sheets.sheet_correct, name="session_correct"),
    path(
        "<slug:session>/sheets/<int:position>/<int:group>/<slug:question>/write/",
        sheets.sheet_write,
        name="session_write",
    ),
]
