"""The table of cells, and what runs it: `cells.yaml` says what `%%compute` cells do."""
