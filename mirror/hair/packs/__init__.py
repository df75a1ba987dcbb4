"""Style packs: a salon's or a brand's own styles, shades and logo in one signed file.

`sealed_file` is the file and its signature, `pack` what it holds, `in_use` what the mirror has of it.
`python -m mirror.app.packs` makes packs.
"""
