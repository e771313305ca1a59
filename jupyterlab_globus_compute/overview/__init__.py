"""What a class did: collected notebooks as a table of students and exercises.

Reads what is saved in the files, and nothing else: no cell runs, nothing is unpickled, and the
metadata of cells is not looked at. Stands alone, in a process of its own where the Jupyter server
asks: the notebooks may come from anybody.
"""
