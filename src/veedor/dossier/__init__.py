"""The dossier: a static web site of an election, in English and Spanish, that opens from disk.

It reads published results (the JSON of the other rooms and the sheet tables) and shows them; it calculates no figure
that decides anything. `gather` runs the rooms, `site` writes the folder, `verify` re-derives it and compares.
"""
