"""The embedded PostgreSQL: the programs of a wheel, in DATA_DIR/postgres. Its life cycle is ours.

Rooms: `account` who runs it, `binaries` its programs, `folder` what lies where, `pidfile` which process it is, `locks`
between processes, `server` start and stop, `use` by several at once, `keeper` after a crash, `archive`, `backup` and
`restore`, `doctor`.
"""

from jmdi.postgres.errors import PostgresError
from jmdi.postgres.folder import POOL, django_database
from jmdi.postgres.keeper import Keeper
from jmdi.postgres.server import Server
from jmdi.postgres.use import using

__all__ = ["POOL", "Keeper", "PostgresError", "Server", "django_database", "using"]
