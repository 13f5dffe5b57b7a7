"""The offline copy: the built site, changed so that its pages work when they are opened from a disk.

`pages` rewrites links and scripts, `packs` puts what pages would fetch into scripts, `archive` makes the zip.
"""
