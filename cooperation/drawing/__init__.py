"""DRAWING: maps, bars and timelines as plain data, which the templates of `templates/drawing/` write as SVG.

The same drawing serves the page and the PDF. Each has a title and comes with its figures, so that nobody needs to
see it. Knows neither communes nor projects: it is given shapes, parts and steps.
"""
