"""ilgi (일기, "diary"): reads the feeling in a diary entry and answers with three films that fit.

The package itself imports nothing, so that `import ilgi` is quick; start at `ilgi.recommender.Recommender`.
"""

__version__ = "0.1.0"
