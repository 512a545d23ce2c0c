"""The session: a pause as pure decisions. Events and the time go in, actions come out."""

from calmvoice.session.session import Session

__all__ = ["Session"]
