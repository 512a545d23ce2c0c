"""The agreement: asked in the calm, kept while it is made, shown on one page."""
