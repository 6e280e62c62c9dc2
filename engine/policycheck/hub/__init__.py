"""Models of a Hub: what its metadata states, kept beside the catalog and judged by the thousand. Imports the core."""
