"""Accounts at Globus, against a stand-in of Globus Auth, Groups and Compute."""
