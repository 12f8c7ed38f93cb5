"""What an outcome rests on, as assertions that a sample can test; derived from the electoral rule."""
