"""The experiments, one a file: each has a question, cells, a table and a figure."""
