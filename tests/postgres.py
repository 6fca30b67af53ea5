"""`make postgres`: a local PostgreSQL for development, stopped with Ctrl-C."""

import signal
from pathlib import Path

from tests.run import a_postgresql

if __name__ == "__main__":
    folder = Path(__file__).resolve().parent.parent / "var" / "postgresql"
    folder.mkdir(parents=True, exist_ok=True)
    with a_postgresql(folder) as url:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end otherwise: the server ends too
        print(f"PostgreSQL est prêt. Dans un autre terminal : export DATABASE_URL='{url}'", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("Arrêt.")
