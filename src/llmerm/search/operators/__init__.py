"""The catalogue: the operators that come with the library, one theme a module."""
