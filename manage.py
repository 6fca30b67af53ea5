"""Django's command line, with the project's settings."""

import os
import sys

from cooperation.calls import roomy


@roomy
def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperation.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
