"""The commands, one a module; `llmerm.cli` puts them together."""
