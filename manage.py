#!/usr/bin/env python
"""Command-line entry point of the Django project."""

from movierec_site.command_line import main

if __name__ == "__main__":
    main()
