"""The admin's own words. What is in it: each app's `admin`."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = _("JMDI Learning: editing")
admin.site.site_title = _("editing")
admin.site.index_title = _("What do you want to edit?")
