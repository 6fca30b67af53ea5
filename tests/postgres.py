"""`make postgres`: a local PostgreSQL for development, stopped with Ctrl-C."""

import signal
from pathlib import Path

from tests.run import a_postgresql

if __name__ == "__main__":
    folder = Path(__file__).resolve().parent.parent / "var" / "postgresql"
    folder.mkdir(parents=True, exist_ok=True)
    with a_postgresql(folder) as url:
        print(f"PostgreSQL est prêt. Dans un autre terminal : export DATABASE_URL='{url}'", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("Arrêt.")
