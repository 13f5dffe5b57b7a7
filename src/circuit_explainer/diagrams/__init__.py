"""Pictures of structure as SVG text, drawn when the site is built: boxes, tokens, arrows along which information flows.

Colours and faces are classes of the page's styles. A diagram has a sentence, which is its name to a screen reader.
"""
