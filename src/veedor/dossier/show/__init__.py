"""How it is shown: language, numbers, charts, sentences."""
