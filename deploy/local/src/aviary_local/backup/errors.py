"""LaunchError
└── BackupError
    ├── BrokenBackup      cut, damaged, or no backup at all
    ├── WrongPassphrase
    └── NotFitting        a backup that this release or this place cannot take
"""

from aviary_local.errors import LaunchError


class BackupError(LaunchError):
    pass


class BrokenBackup(BackupError):
    pass


class WrongPassphrase(BackupError):
    pass


class NotFitting(BackupError):
    pass
