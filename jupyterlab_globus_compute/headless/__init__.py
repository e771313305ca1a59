"""`%%compute` without JupyterLab's front end: IPython, nbconvert, papermill, VS Code.

The bridge of `kernel/bridge` prepares the cell in this process, and the Compute SDK registers its
functions and submits its tasks.
"""
