"""Mails about cohorts, each to one person."""
