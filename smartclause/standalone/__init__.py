"""The check of a case file as one file of Python without packages: how it is built, and what stands in for packages."""
