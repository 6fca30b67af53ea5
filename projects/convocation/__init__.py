"""CONVOCATION: a session is announced to those who sit in it and to the councils, and its members say what they think.

Owns what is sent about a session and its proof (`Mailing`, `Envelope`), and the opinion that each member gives in their
own name before it opens (`MemberOpinion`). May import `minutes`, `ballots`, `deliberation` and what is below them.

recipients.py  who is written to, and in which capacity
services.py    convene, call off, inform the municipal councillors, hand a convocation over on paper
letters.py     what a mail says, and the appointment that goes with it
posting.py     sends what is due, once
opinion_*.py   the opinions of the members before the session
"""
