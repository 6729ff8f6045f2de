"""Starts the server again when it has died under a running site."""

import threading

from jmdi.postgres.errors import PostgresError
from jmdi.postgres.server import Server

_LOOK_EVERY = 0.5
_LONGEST_PAUSE = 30.0


class Keeper(threading.Thread):
    """Looks after one server: killed, it is started again; stopped in order (`db stop`), it is left alone."""

    def __init__(self, server: Server) -> None:
        super().__init__(name="postgres-keeper", daemon=True)
        self.server = server
        self._is_over = threading.Event()

    def run(self) -> None:
        """Look until `stop`. After a start that failed, wait longer each time."""
        pause = _LOOK_EVERY
        while not self._is_over.wait(pause):
            if not self.server.has_died():
                pause = _LOOK_EVERY
                continue
            self.server.say("PostgreSQL has died; starting it again ...")
            try:
                self.server.start()
                self.server.say("PostgreSQL answers again.")
                pause = _LOOK_EVERY
            except PostgresError as error:
                self.server.say(str(error))
                pause = min(pause * 2, _LONGEST_PAUSE)

    def stop(self) -> None:
        """Look no more; returns when nothing is being started."""
        self._is_over.set()
        self.join()
