"""`policycheck`: the entry point, and what every command shares."""

from __future__ import annotations

import os
import sys

import click
from policycheck import __version__
from policycheck.errors import DocumentError, PolicycheckError, UsageError

from policycheck_cli.catalog import catalog
from policycheck_cli.evaluate import evaluate
from policycheck_cli.explain import explain
from policycheck_cli.schema import schema
from policycheck_cli.validate import validate

_EPILOG = """\b
Examples:
  policycheck evaluate org.yaml
  policycheck evaluate org.yaml --model llama-4 --format markdown
  policycheck validate org.yaml
  policycheck explain org.yaml --model llama-4-maverick
  policycheck catalog show llama-4-community

Shell completion (bash): eval "$(_POLICYCHECK_COMPLETE=bash_source policycheck)"

This is not legal advice."""


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="policycheck")
def cli() -> None:
    """Whether your organisation may use an open-weight AI model, and the license clause that says so."""


for command in (evaluate, validate, explain, catalog, schema):
    cli.add_command(command)


def main() -> None:
    """Runs a command and ends with the exit code that the contract gives it."""
    try:
        code = cli.main(standalone_mode=False, prog_name="policycheck")
        sys.stdout.flush()
    except DocumentError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        count = len(error.problems)
        click.echo(f"{count} problem{'s' if count != 1 else ''}; nothing was evaluated.", err=True)
        code = 2
    except UsageError as error:
        click.echo(f"Error: {error}", err=True)
        code = 2
    except click.ClickException as error:
        error.show()
        code = 2
    except click.Abort:
        click.echo("Stopped.", err=True)
        code = 3
    except BrokenPipeError:
        # The reader of our output went away; say nothing more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 3
    except (PolicycheckError, OSError) as error:
        click.echo(f"No verdict could be reached: {error}", err=True)
        code = 3
    except Exception as error:  # A fault of ours must read as 'don't know', never as an answer.
        click.echo(f"No verdict could be reached; this is a fault of policycheck: {error!r}", err=True)
        code = 3
    sys.exit(code if isinstance(code, int) else 0)
