"""The class file of a folder, looked at and accepted in a terminal."""
