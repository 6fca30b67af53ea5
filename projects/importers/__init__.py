"""Plans that already exist, taken over from the files in which they live."""
