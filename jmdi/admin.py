"""The admin's own words. What is in it: each app's `admin`."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResult

# How background work is going is the operator's business (`manage.py worker --status`). Importing the class above
# registers it, once; here it goes.
admin.site.unregister(DBTaskResult)

admin.site.site_header = _("JMDI Learning: editing")
admin.site.site_title = _("editing")
admin.site.index_title = _("What do you want to edit?")
