"""`python -m policycheck_cli`."""

from policycheck_cli.main import main

main()
