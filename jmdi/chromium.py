"""The Chromium that tests and benchmarks drive: Debian's, never one that a tool downloads."""

import shutil

PATH = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# No sandbox: containers and root have none. No background networking: it asks for nothing but our pages.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
