"""What can be measured of the code itself: sizes of rooms, and commands that print them."""
