"""policycheck: whether an organisation may use an AI model, and the clause that says so."""

__version__ = "0.1.0"
