"""Charts that one lesson or reference page is about, made of the general ones, pictures and diagrams."""
