"""The commands of `python -m pipelines`, one module each; `pipelines/__main__.py` lists them."""
