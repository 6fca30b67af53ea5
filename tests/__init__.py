"""The suite mirrors the rooms; tests about the whole stand at its top."""
