"""WSGI entry, for hosts that serve pages apart from event streams."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jmdi.settings")

application = get_wsgi_application()
