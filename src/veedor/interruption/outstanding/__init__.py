"""What was still outstanding at the stop: its sheets, and the lead that they needed."""
