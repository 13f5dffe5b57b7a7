"""Reading and writing ``.safetensors`` and the JSON beside them."""
