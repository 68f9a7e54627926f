"""`python -m llmerm` is the command line."""

from llmerm.cli import main

main()
