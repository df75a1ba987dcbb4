"""What a camera is called in the settings."""

from __future__ import annotations


def spoken(camera: tuple[int, str], cameras: list[tuple[int, str]]) -> str:
    """A camera's name, which survives replugging; its number where several have that name, or it is a number.

    Args:
        camera: (number, name).
        cameras: all that there are.

    Example:
        >>> spoken((1, "Eye"), [(0, "Inside"), (1, "Eye")]), spoken((1, "Eye"), [(0, "Eye"), (1, "Eye")])
        ('Eye', '1')
    """
    number, name = camera
    same = [other for _, other in cameras if other.strip().lower() == name.strip().lower()]
    return name if len(same) == 1 and name.strip() and not name.isdecimal() else str(number)
