"""What runs in the worker, on whatever Python it has: these files' texts, joined in one namespace.

They import other modules whole, each other's names with `from`. No f-strings: `ast.unparse` of a
newer Python writes them so that an older one cannot read them.
"""
