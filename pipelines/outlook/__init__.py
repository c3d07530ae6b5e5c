"""Pace and outlook of one organisation's figures: what has happened, and how far ahead that says anything.

Input is a frame of observations of one organisation (`SCHEMA`); nothing here knows files or databases.
"""
