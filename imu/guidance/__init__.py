"""Reminders and lists for therapist and runner. Rules on plain data; every sentence is a key of the text catalogue.

Nothing here says anything about health: a reminder compares with the person's own diary, a list is read by the
therapist, a diary keeps what the person said.
"""
