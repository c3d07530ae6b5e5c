"""Invented numbers of people, put together at run time so that no file holds anything like a real one."""

IDENTITY = "V-" + ".".join(("12", "345", "678"))
IDENTITY_PLAIN = IDENTITY.replace("-", "").replace(".", "")
IDENTITY_FOREIGN = "E-" + ".".join(("84", "123", "456"))
