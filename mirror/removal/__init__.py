"""The person without their hair: skull, face, ears, neck and clothes inpainted, and the background plate.

`hairless_head` puts it all together in the head's square, `long_hair` below it.
"""
