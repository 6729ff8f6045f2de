"""Ways into cohorts. Everything about one cohort lies under its own address."""

from django.urls import path

from cohorts.views import (
    answers,
    cohorts,
    inviting,
    joining,
    members,
    peers,
    plan,
    progress,
    reminders,
    replies,
    replying,
    report,
    screen,
)

urlpatterns = [
    # cohorts/
    path("cohorts/", cohorts.cohort_list, name="cohorts"),
    path("cohorts/new/", cohorts.cohort_new, name="cohort_new"),
    path("cohorts/<slug:cohort>/", cohorts.cohort, name="cohort"),
    path("cohorts/<slug:cohort>/edit/", cohorts.cohort_edit, name="cohort_edit"),
    path("cohorts/<slug:cohort>/archive/", cohorts.cohort_archive, name="cohort_archive"),
    path("cohorts/<slug:cohort>/copy/", cohorts.cohort_copy, name="cohort_copy"),
    path("cohorts/<slug:cohort>/leave/", members.cohort_leave, name="cohort_leave"),
    # cohorts/<cohort>/plan/…
    path("cohorts/<slug:cohort>/plan/", plan.plan, name="cohort_plan"),
    path("cohorts/<slug:cohort>/plan/add/", plan.plan_add, name="plan_add"),
    path("cohorts/<slug:cohort>/plan/propose/", plan.plan_propose, name="plan_propose"),
    path("cohorts/<slug:cohort>/plan/<uuid:item>/", plan.plan_item, name="plan_item"),
    path("cohorts/<slug:cohort>/plan/<uuid:item>/delete/", plan.plan_delete, name="plan_delete"),
    path("calendars/<str:token>/plan.ics", plan.cohort_calendar, name="cohort_calendar"),
    # cohorts/<cohort>/members/…
    path("cohorts/<slug:cohort>/members/", members.members, name="cohort_members"),
    path("cohorts/<slug:cohort>/members/facilitators/add/", members.facilitator_add, name="facilitator_add"),
    path("cohorts/<slug:cohort>/members/<uuid:member>/", members.member, name="cohort_member"),
    path("cohorts/<slug:cohort>/members/<uuid:member>/role/", members.member_role, name="member_role"),
    path("cohorts/<slug:cohort>/members/<uuid:member>/remove/", members.member_remove, name="member_remove"),
    path("cohorts/<slug:cohort>/members/<uuid:member>/move/", members.member_move, name="member_move"),
    # cohorts/<cohort>/invite/… and join/<code>/
    path("cohorts/<slug:cohort>/invite/", inviting.invite, name="cohort_invite"),
    path("cohorts/<slug:cohort>/invite/screen/", inviting.screen, name="cohort_invite_screen"),
    path("cohorts/<slug:cohort>/invite/code/", inviting.make_code, name="cohort_invite_code"),
    path("cohorts/<slug:cohort>/invite/code/<slug:code>/revoke/", inviting.revoke_code, name="cohort_invite_revoke"),
    path("cohorts/<slug:cohort>/invite/people/", inviting.invite_people, name="cohort_invite_people"),
    path("cohorts/<slug:cohort>/invite/people/send/", inviting.send_invitation, name="cohort_invitation_send"),
    path(
        "cohorts/<slug:cohort>/invite/people/withdraw/",
        inviting.withdraw_invitation,
        name="cohort_invitation_withdraw",
    ),
    path("join/", joining.join_typed, name="join_typed"),
    path("join/<str:code>/", joining.join, name="join"),
    path("join/<str:code>/guest/", joining.join_as_guest, name="join_as_guest"),
    # cohorts/<cohort>/progress/…
    path("cohorts/<slug:cohort>/progress/", progress.cohort_progress, name="cohort_progress"),
    path("cohorts/<slug:cohort>/progress/questions/", progress.questions_left, name="cohort_questions_left"),
    path("cohorts/<slug:cohort>/progress/<uuid:person>/", progress.person, name="cohort_person"),
    path("cohorts/<slug:cohort>/progress/<uuid:person>/group/", progress.person_group, name="cohort_person_group"),
    # cohorts/<cohort>/answers/…
    path("cohorts/<slug:cohort>/answers/", answers.answers, name="cohort_answers"),
    path("cohorts/<slug:cohort>/answers/plenary/", answers.plenary, name="cohort_plenary"),
    path("cohorts/<slug:cohort>/answers/screen/", screen.screen, name="cohort_screen"),
    path(
        "cohorts/<slug:cohort>/answers/<slug:topic>/<slug:prompt>/<slug:question>/",
        answers.question,
        name="cohort_question",
    ),
    path(
        "cohorts/<slug:cohort>/answers/<slug:topic>/<slug:prompt>/<slug:question>/<uuid:member>/reply/",
        replying.reply,
        name="cohort_reply",
    ),
    path(
        "cohorts/<slug:cohort>/answers/<slug:topic>/<slug:prompt>/<slug:question>/<uuid:member>/pick/",
        screen.pick,
        name="cohort_pick",
    ),
    path("cohorts/<slug:cohort>/peers/<slug:topic>/<slug:prompt>/<slug:question>/", peers.peers, name="cohort_peers"),
    # cohorts/<cohort>/replies/…
    path("cohorts/<slug:cohort>/replies/", replies.replies, name="cohort_replies"),
    path("cohorts/<slug:cohort>/replies/seen/", replies.replies_seen, name="cohort_replies_seen"),
    path("cohorts/<slug:cohort>/replies/consent/<uuid:pick>/", replies.consent, name="cohort_consent"),
    path("cohorts/<slug:cohort>/replies/<uuid:reply>/", replying.reply_edit, name="cohort_reply_edit"),
    path("cohorts/<slug:cohort>/replies/<uuid:reply>/delete/", replying.reply_delete, name="cohort_reply_delete"),
    # cohorts/<cohort>/reminders/…
    path("cohorts/<slug:cohort>/reminders/", reminders.reminders, name="cohort_reminders"),
    path("cohorts/<slug:cohort>/reminders/<uuid:reminder>/", reminders.reminder, name="cohort_reminder"),
    path("cohorts/<slug:cohort>/reminders/<uuid:reminder>/again/", reminders.again, name="cohort_reminder_again"),
    path("cohorts/<slug:cohort>/mute/", reminders.mute, name="cohort_mute"),
    path("reminders/mute/<str:token>/", reminders.mute_by_mail, name="reminders_mute"),
    # cohorts/<cohort>/report/…
    path("cohorts/<slug:cohort>/report/", report.report, name="cohort_report"),
    path("cohorts/<slug:cohort>/report/<slug:what>.<slug:kind>", report.download, name="cohort_report_download"),
]
