"""Ways into the courses."""

from django.urls import path

from courses.views import finding, finishing, learning, printing, reading, rescue, taking_home, writing

urlpatterns = [
    # my own writing
    path("my/answers/", taking_home.my_answers, name="my_answers"),
    path("my/answers/download/<slug:kind>/", taking_home.answers_download, name="answers_download"),
    # my/next-steps/<step>/…
    path("my/next-steps/<uuid:step>/", finishing.next_step, name="next_step"),
    path("my/next-steps/<uuid:step>/done/", finishing.next_step_done, name="next_step_done"),
    path("my/next-steps/<uuid:step>/delete/", finishing.next_step_delete, name="next_step_delete"),
    path("my/rescue/", rescue.rescue, name="rescue"),
    # courses/<course>/: pages of a whole course come before topics, whose keys may not take their names
    path("courses/<slug:course>/", reading.course, name="course"),
    path("courses/<slug:course>/start/", reading.start, name="course_start"),
    path("courses/<slug:course>/search/", finding.search, name="course_search"),
    path("courses/<slug:course>/glossary/", finding.glossary, name="glossary"),
    path("courses/<slug:course>/references/", finding.references, name="references"),
    path("courses/<slug:course>/finish/", finishing.finish, name="finish"),
    path("courses/<slug:course>/finish/next-steps/", finishing.next_step_add, name="next_step_add"),
    # courses/<course>/<topic>/…
    path("courses/<slug:course>/<slug:topic>/", reading.topic, name="topic"),
    path(
        "courses/<slug:course>/<slug:topic>/answers/<slug:prompt>/<slug:question>/",
        writing.answer_save,
        name="answer_save",
    ),
    path(
        "courses/<slug:course>/<slug:topic>/answers/<slug:prompt>/<slug:question>/earlier/",
        writing.answer_earlier,
        name="answer_earlier",
    ),
    path("courses/<slug:course>/<slug:topic>/objectives/rate/", learning.objectives_rate, name="objectives_rate"),
    path("courses/<slug:course>/<slug:topic>/note/save/", writing.note_save, name="note_save"),
    path("courses/<slug:course>/<slug:topic>/note/earlier/", writing.note_earlier, name="note_earlier"),
    # pages of a whole topic come before sections, whose keys may not take their names
    path("courses/<slug:course>/<slug:topic>/print/", printing.topic_print, name="topic_print"),
    path("courses/<slug:course>/<slug:topic>/<slug:section>/", reading.section, name="section"),
    path("courses/<slug:course>/<slug:topic>/<slug:section>/done/", learning.section_done, name="section_done"),
    path(
        "courses/<slug:course>/<slug:topic>/<slug:section>/visit/",
        learning.section_visit,
        name="section_visit",
    ),
]
