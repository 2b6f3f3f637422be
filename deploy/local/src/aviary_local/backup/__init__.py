"""One file of everything that cannot be had again, and the way back.

The file is a tar that holds, readable with standard tools (tar, age, pg_restore):

    README             how to open it without Aviary
    key.age            this file's own age identity, locked with the passphrase
    backup.tar.age     a tar, encrypted for that identity:
        manifest.json      what is in it, and which release and which schema revisions made it
        database/0000001   pg_dump's custom format, in pieces: cat database/* | pg_restore
        secrets.env
        bots/...           and the other folders
        checksums.sha256   last, so that a file that was cut has none
"""
