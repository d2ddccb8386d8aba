"""From an error of the operating system to one that says what is in danger and how to mend it."""

from __future__ import annotations

import errno

from seawall.core.errors import DiskFull, StorageError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def storage_error(error: OSError, doing: str) -> StorageError:
    """Name what was being done, and tell a full disk from a broken one.

    >>> storage_error(OSError(errno.ENOSPC, "No space left on device"), "writing x.seg").code
    'disk-full'
    """
    message = f"{doing} failed: {error.strerror or error}"
    if error.errno in NO_ROOM:
        return DiskFull(
            message, hint="free some space; nothing was half written, so the same call may be made again"
        )
    return StorageError(
        message, hint="check the disk and its permissions; what was acknowledged before is safe"
    )
