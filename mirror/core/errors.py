"""The one exception a person is meant to read."""


class MirrorError(Exception):
    """Something the person can put right: bad flag, missing file, unusable camera.

    The message is one line: what happened, what was expected, what to do now.
    The programs print it without a traceback and leave with exit code 2.

    Example:
        >>> raise MirrorError("--size 12 is not a size. Give WIDTHxHEIGHT, for example 1280x720.")
        Traceback (most recent call last):
        ...
        mirror.core.errors.MirrorError: --size 12 is not a size. Give WIDTHxHEIGHT, for example 1280x720.
    """
