"""The site's settings, with the bench's own pages beside the site's."""

from jmdi.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
