"""How code is found in a reply: `llmerm.proposers.extract` is the way in."""
