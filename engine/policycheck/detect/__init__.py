"""Recognises licenses and models in what people wrote and downloaded; the core knows nothing of this room."""
