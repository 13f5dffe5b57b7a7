"""The reader's own models: told about before they are loaded, loaded in steps, then offered by the playground."""
