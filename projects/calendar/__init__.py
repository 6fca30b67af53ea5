"""The calendar: stages of projects, planned and real; meetings, and where they are held; the diary of a person."""
