"""NOTICES: what each person is told of, in the application and by mail. Nothing below knows that anybody listens.

kinds.py      what one may be told of, and how it reads
listening.py  which fact is told to whom: the one place that hears them happen
meetings.py   what is told of meetings to those whom they expect
reminding.py  what comes due: opinions, actions, councils, meetings
posting.py    letters: put together after a moment of grace, rendered when they leave, never sent twice
"""
