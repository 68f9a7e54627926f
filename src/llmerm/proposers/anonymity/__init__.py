"""How samples are renamed and programs brought back; `llmerm.proposers.anonymise` is the way in."""
