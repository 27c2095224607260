"""What AssetUtilities' modules call, reduced to one job a module, beside the library or algorithm that does it better.

The originals are those of commit 9ac83f09e7f357743e511be6a1f39ab9af542d29 (2026-08-04) of
https://github.com/vamseeachanta/assetutilities (MIT); each module names file and lines.
"""
