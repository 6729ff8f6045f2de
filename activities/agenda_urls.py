"""Ways into the agenda of a cohort."""

from django.urls import path

from activities.views import agenda

urlpatterns = [
    path("<slug:cohort>/agenda/", agenda.agenda, name="cohort_agenda"),
    path("<slug:cohort>/agenda/propose/", agenda.agenda_propose, name="cohort_agenda_propose"),
]
