"""What can go wrong with one address, by what a later run may do about it."""

from datetime import datetime


class CollectError(ValueError):
    """An address did not yield what was asked; the message says why and, where there is one, a way out."""


class RefusedError(CollectError):
    """It will not do as it stands: unsafe, forbidden, gone, too large or of another kind."""


class MissingError(RefusedError):
    """The server says that there is no such thing, or not for us (a 4xx status)."""


class FailedError(CollectError):
    """It may work another time: a time-out, a broken connection, a server in trouble."""


class PostponedError(CollectError):
    """The host has had enough requests for now. `until`: when it may be asked again; None: the next run."""

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until
