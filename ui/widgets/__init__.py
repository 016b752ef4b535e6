"""Small parts that pages are made of; they know the theme and nothing of the core."""
