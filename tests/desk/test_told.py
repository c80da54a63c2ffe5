"""What the filer reads is what happened: result, finding, recommendations and summary, before it is closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.desk.filer import Filer

from tenprint.cases.complaint import commands as cmd
from tenprint.desk import Settings, catalogue, public_app
from tenprint.desk.limits import Limits
from tenprint.exchange.rights import Rights


@pytest.fixture
def filer(rights: Rights) -> Filer:
    generous = Limits(filings=1000, guesses=1000, everybody=10_000)
    return Filer(TestClient(public_app(rights, Settings(limits=generous))))


@pytest.mark.parametrize("result", ["NOT_SUBSTANTIATED", "SUBSTANTIATED", "INCONCLUSIVE"])
def test_t11_a_filer_reads_what_was_found_before_it_is_closed(filer: Filer, rights: Rights, result: str) -> None:
    words = filer.file(against="jail", topics=["unlawful_hold"], place="Travis County jail")
    for command in (
        cmd.Triage(route="RETAINED", reason="within scope", county="48453"),
        cmd.Investigate(),
        cmd.Find(result=result, finding="the log shows 71 hours", evidence=("jail log",)),  # type: ignore[arg-type]
    ):
        rights.do("2012-00001", command, "rita")
    if result == "SUBSTANTIATED":
        rights.do("2012-00001", cmd.Recommend(to="field office", text="train clerks"), "rita")
        rights.do(
            "2012-00001", cmd.Respond(number=1, answer="PARTIAL", by="director", reason="as money allows"), "rita"
        )
        rights.do("2012-00001", cmd.RecordConsequence(finding=1, what="none", reason="has left"), "rita")
    made = rights.do("2012-00001", cmd.Close(reason="answered", summary="A log was read."), "rita")
    assert [type(e).__name__ for e in made][:2] == ["Written", "Closed"], "told, and then closed"
    again = Filer(filer.client)
    again.get("open")
    assert again.send("open", words=words).status_code == 200
    for said in (result.lower().replace("_", " "), "the log shows 71 hours", "A log was read.", "It is closed"):
        assert said in again.page
    assert ("train clerks" in again.page and "as money allows" in again.page) == (result == "SUBSTANTIATED")


def test_t11_a_step_that_ended_without_being_done_says_so_and_an_answer_ends_what_it_answers(
    filer: Filer, rights: Rights
) -> None:
    words = filer.file(against="jail", topics=["unlawful_hold"], place="Travis County jail")
    rights.do("2012-00001", cmd.Write(writer="office", text="We have read it."), "rita")
    assert {c.step: c.done is not None for c in rights.clocks("2012-00001")}["acknowledge"]
    rights.do("2012-00001", cmd.Triage(route="COMPONENT", reason="theirs", to="field office", county="48453"), "rita")
    rights.do("2012-00001", cmd.Close(reason="referred", summary="It went to another office."), "rita")
    again = Filer(filer.client)
    again.get("open")
    again.send("open", words=words)
    assert "It went to another office." in again.page
    waived = [c for c in rights.clocks("2012-00001") if c.waived]
    assert again.page.count("Ended without it") == len(waived)


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_t11_no_page_says_that_the_office_cannot_open_a_conversation(language: str) -> None:
    file = Path(catalogue.__file__).parent / "catalogues" / f"{language}.toml"
    hint = next(line for line in file.read_text("utf-8").splitlines() if line.startswith("kept_hint"))
    office = {"en": "outside the office", "es": "fuera de la oficina", "fr": "en dehors du bureau", "zh": "办公室以外",
              "pt": "fora do gabinete", "ht": "andeyò biwo", "ru": "вне отдела", "vi": "ngoài văn phòng",
              "ar": "خارج المكتب", "so": "xafiiska ka baxsan"}  # fmt: skip
    assert office[language] in hint
