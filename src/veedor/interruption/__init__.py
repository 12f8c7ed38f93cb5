"""Interruption: was the shift after the stop what the missing places would have brought anyway?"""
