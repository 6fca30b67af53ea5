"""The printed projet de territoire: what it contains, how it is asked for, followed and handed over.

May import every room below it; nobody imports it but `proposals`' dated PDF, through `services.print_project`.
"""
