"""The command line: `engage app`, `engage lab`, `engage read`."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

import engage
from engage.messages import EngageError, Message, message
from engage.words import LANGUAGES, Words, system_language


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 with a sentence on the error stream."""
    options = parser().parse_args(argv)
    if options.home:
        os.environ["ENGAGE_HOME"] = str(Path(options.home).expanduser().resolve())
    try:
        if options.command == "read":
            return read_files(options.files, options.save, options.json)
        from engage.app import server

        shared = {"port": options.port, "browser": not options.no_browser, "language": options.language,
                  "folder": Path(options.notebooks) if options.notebooks else None}  # fmt: skip
        if options.command == "lab":
            server.lab(**shared)
        else:
            token = secrets.token_urlsafe(16) if options.token == "new" else options.token
            server.serve(**shared, token=token)
    except EngageError as error:
        print(_said(error), file=sys.stderr)
        return 1
    except OSError as error:
        reason = message("{reason}: {where}", reason=error.strerror or str(error), where=str(error.filename or ""))
        print(_said(reason), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    main_parser = argparse.ArgumentParser(
        prog="engage", description=_text(message("Who in an audience is active, who is passive, and why."))
    )
    main_parser.add_argument("--version", action="version", version=f"engage {engage.__version__}")
    commands = main_parser.add_subparsers(dest="command", required=True)
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument(
        "--home", metavar="DIR", default="",
        help=_text(message("The folder that holds your studies. Left out: ENGAGE_HOME, else ~/engage.")),
    )  # fmt: skip
    pages = argparse.ArgumentParser(add_help=False, parents=[everywhere])
    pages.add_argument("--port", type=int, default=0, help=_text(message("The port. Left out: any free one.")))
    pages.add_argument("--no-browser", action="store_true", help=_text(message("Do not open the browser.")))
    pages.add_argument(
        "--language",
        choices=tuple(LANGUAGES),
        default="",
        help=_text(message("The language of the first page. Left out: this computer's.")),
    )
    pages.add_argument("--notebooks", default="", help=argparse.SUPPRESS)
    app = commands.add_parser("app", parents=[pages], help=_text(message("Open the pages in the browser.")))
    app.add_argument(
        "--token", nargs="?", const="new", default="",
        help=_text(message("Ask for a token, where several people share the computer. No value: a new one.")),
    )  # fmt: skip
    commands.add_parser(
        "lab", parents=[pages], help=_text(message("Open the notebooks in JupyterLab, to change them."))
    )
    read = commands.add_parser("read", parents=[everywhere], help=_text(message("Read files into a study.")))
    read.add_argument("files", nargs="+", metavar="FILE")
    read.add_argument("--save", default="", metavar="NAME_OR_FOLDER", help=_text(message("Where the study is kept.")))
    read.add_argument("--json", action="store_true", help=_text(message("Print the notes as JSON.")))
    return main_parser


def read_files(files: Sequence[str], where: str, as_json: bool) -> int:
    """Read files, print what was read, dropped and guessed and what it can answer; save when asked."""
    study = engage.read(*files)
    folder = engage.save(study, where) if where else None
    abilities = {name: [ability.have, ability.of] for name, ability in study.abilities.items()}
    if as_json:
        notes = [
            {"level": note.level, "source": note.source, "message": str(note.message), "count": note.count}
            for note in study.notes
        ]
        result = {"saved": str(folder) if folder else None, "abilities": abilities, "notes": notes}
        print(json.dumps(result, ensure_ascii=False, indent=1))
        return 0
    words = Words(system_language())
    for note in study.notes:
        print(words.say(message("{level}: {note}", level=words.label(note.level), note=words.say(note))))
    for name, (have, of) in abilities.items():
        if have:
            print(words.say(message("{what}: {have} of {of}", what=words.label(name), have=have, of=of)))
    if folder:
        print(words.say(message("Saved in {folder}.", folder=str(folder))))
    return 0


def _said(what: Message | EngageError) -> str:
    return Words(system_language()).say(what)


def _text(sentence: Message) -> str:
    return _said(sentence).replace("%", "%%")
