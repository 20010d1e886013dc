"""`fancier note`, and where its line is seen."""

import json

from saved import CONFIG, born, painted

from populations import Population
from tui.cli import main


def said(capsys, *line):
    status = main([str(word) for word in line])
    out, err = capsys.readouterr()
    return status, out.strip(), err.strip()


def test_a_note_is_written_read_shown_and_taken_back(tmp_path, capsys):
    Population.create(tmp_path, "faces", CONFIG, rows=[born(0, 0), born(1, 0), painted(0)]).close()
    at = ("--home", tmp_path)
    assert said(capsys, *at, "note", "faces", 0, " the mouth ") == (0, "note on 0: the mouth", "")
    assert said(capsys, *at, "note", "faces", 0)[1] == "the mouth"
    assert "note            the mouth" in said(capsys, *at, "show", "faces", 0)[1]
    shown = json.loads(said(capsys, *at, "show", "faces", "--json")[1])
    assert [i["note"] for i in shown["individuals"]] == ["the mouth", None]
    assert said(capsys, *at, "note", "faces", 0, "")[1] == "no note"
    assert said(capsys, *at, "note", "faces", 0)[1] == "no note"
    assert said(capsys, *at, "note", "faces", 0, "--json")[1] == '{"id": 0, "note": ""}'


def test_a_note_that_makes_no_sense_is_refused_in_one_line(tmp_path, capsys):
    Population.create(tmp_path, "faces", CONFIG, rows=[born(0, 0)]).close()
    at = ("--home", tmp_path)
    status, out, err = said(capsys, *at, "note", "faces", 0, "a\x1b]0;x\x07")
    assert (status, out) == (1, "")
    assert err == (
        "fancier: the note on individual 0: a note is one line of text, without control characters"
    )
    assert said(capsys, *at, "note", "faces", 5, "x")[2].startswith("fancier: there is no individu")
