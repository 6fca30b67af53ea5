"""Circuit: where a project stands among the steps of its circuit, who decides and why, when a step is passed over.

Nothing of it is stored twice: the version a project follows is read from the day it was first submitted, and the steps
it has passed from the decisions proclaimed. It may import `deliberation` and the rooms below; `deliberation` asks it
by name, and never imports it.
"""
