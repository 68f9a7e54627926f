"""What pages and notebooks show, part by part, as HTML without scripts or anything from outside.

`text` escapes, `code` highlights, `table` and `bar` lay out, `card` puts parts together and
brings the style along. They know values and no part of the library; what a result or a data set
shows is said beside it.
"""
