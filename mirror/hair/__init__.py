"""Hairstyles: as codes (`styles`, `encoding`), painted (`painting`), lost (`loss`), or grown and rendered.

Grown styles are the files of this folder: rendered key views (`style_file`), and their layers in the light of
now (`fold`), made in a worker (`store`).
"""
