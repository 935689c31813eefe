"""The command line of kg. No other package of kg prints anything or ends the process."""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
from typing import Any

import click

from kg.base.errors import DataError, KgError, MachineError, QueryError, QueryTimeout, UsageError
from kg.base.fingerprint import own_version
from kg.cli.build import build
from kg.cli.check import check
from kg.cli.console import discard, echo, printed, reported
from kg.cli.explain import explain
from kg.cli.init import init
from kg.cli.query import query
from kg.cli.related import related
from kg.cli.search import search
from kg.cli.stats import stats
from kg.cli.suggest import suggest
from kg.cli.train import train
from kg.cli.validate import validate
from kg.cli.view import view

_EXIT_STATUS = {DataError: 1, UsageError: 2, MachineError: 3, QueryTimeout: 3}
_KILLED = 128  # if a signal ends a process, shells report this number plus the number of the signal as exit status


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which a new user needs them, not in alphabetical order

    # If the program that reads the output closes the pipe, click would exit with status 1, which in kg means that the
    # input has problems. Therefore the following methods raise another exception, which click does not handle.

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            with printed():  # the help
                return super().make_context(*args, **kwargs)
        except BrokenPipeError:
            raise _PipeClosedError from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _PipeClosedError from None


class _PipeClosedError(Exception):
    """The program that reads the output, for example `head`, has closed the pipe."""


class _TerminatedError(BaseException):
    """A signal has asked the process to end.

    The signal handler raises this exception, so that context managers clean up first, as they do after Ctrl-C.
    """

    def __init__(self, number: int) -> None:
        self.number = number


def _terminate(number: int, _: object) -> None:
    raise _TerminatedError(number)


def _show_version(ctx: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        echo(f"kg, version {own_version()}")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def commands() -> None:
    """Turn a folder of Markdown articles into a knowledge graph.

    Everything runs on this machine: no network, no account, no language model.

    \b
    Examples:
      kg init my-articles                  write a kg.toml for these articles
      kg build my-articles                 build the graph in exports/my-articles
      kg query exports/my-articles --name top-concepts
      kg search exports/my-articles data drift
      kg view exports/my-articles --focus "data drift"
      kg explain exports/my-articles "data drift" "concept drift"
      kg related exports/my-articles "What is data drift?"
      kg suggest exports/my-articles       links and definitions that are missing
      kg validate exports/my-articles      check a build: files, SHACL, SKOS, evidence
      kg check my-articles                 list the problems of the articles
      kg train my-articles                 train the concept ranker on their keywords
    """


for command in (init, build, query, search, explain, related, suggest, view, stats, validate, check, train):
    commands.add_command(command)


def main() -> None:
    """Run the command line. On a failure, print a message to stderr, and exit with a status that tells its kind."""
    _prepare_streams()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # otherwise it is ignored: nohup, for example, ignores SIGHUP
            signal.signal(number, _terminate)
    try:
        sys.exit(commands.main(prog_name="kg", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        _fail("interrupted; nothing was changed", _KILLED + signal.SIGINT)
    except _TerminatedError as error:
        _fail("terminated; nothing was changed", _KILLED + error.number)
    except click.ClickException as error:
        with reported():
            error.show()
        sys.exit(error.exit_code)
    except QueryError as error:
        message, *query = str(error).split("\n")  # the line of the user's query, and a mark below it
        _fail(message, 2, *query)
    except KgError as error:
        _fail(str(error), next(status for kind, status in _EXIT_STATUS.items() if isinstance(error, kind)))
    except _PipeClosedError:
        discard(sys.stdout)
        sys.exit(0)
    except MemoryError:
        _fail("there is not enough memory; try --jobs 1, or a part of the articles", 3)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), 3)
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            traceback.print_exc()
        _fail(
            f"this is a bug in kg, not in your articles: {type(error).__name__}: {error}",
            3,
            "Run it again with KG_DEBUG=1 in the environment and report the output.",
        )


def _prepare_streams() -> None:
    """Make sure that the standard streams are open and can encode any text.

    The null device is opened in place of a closed stream, as after `kg build articles >&-`. Otherwise, a file of the
    build would get the number of the stream, and the output of a library would be written to it. A character that is
    not in the encoding of a terminal is shown as a question mark.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            mode = os.O_WRONLY if number else os.O_RDONLY
            os.dup2(os.open(os.devnull, mode), number)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _fail(message: str, status: int, *more: str) -> None:
    echo(f"kg: {message}", *more, err=True)
    sys.exit(status)
