"""The why of a day (mengapa): each fact that decided it, as evidence anybody may print."""

from __future__ import annotations

from domain.day_facts import CaseFact, DayFacts, PunchFact, TerminalFact
from domain.evidence import Evidence, Reason, clock


def why_of(
    facts: DayFacts, scans: list[PunchFact], reasons: tuple[Reason, ...], *, with_terminals: bool
) -> list[Evidence]:
    """Plan, scans, cases, messages and, where they decide, terminals; always in the same order."""
    why = list(facts.plan.because)
    for scan in scans:
        why.append(_scan(scan))
    if facts.cases:
        why.extend(_case(case) for case in sorted(facts.cases, key=lambda case: case.case_id))
    if facts.drafts:
        why.extend({"code": "draft", "draft": draft} for draft in sorted(facts.drafts))
    if facts.messages:
        why.extend({"code": "message", "message": each} for each in sorted(facts.messages))
    if with_terminals:
        terminals = sorted(facts.terminals, key=lambda terminal: terminal.terminal_id)
        why.extend(_terminal(terminal) for terminal in terminals)
    if reasons:
        why.append({"code": "reasons", "reasons": [str(reason) for reason in reasons]})
    return why


def _scan(scan: PunchFact) -> Evidence:
    evidence: Evidence = {
        "code": "scan",
        "at": scan.at,
        "local": scan.local,
        "terminal": scan.terminal,
        "source": scan.source,
        "key": scan.key,
    }
    if scan.doubtful:
        evidence["doubtful"] = scan.doubtful
    return evidence


def _case(case: CaseFact) -> Evidence:
    evidence: Evidence = {
        "code": "case",
        "case": case.case_id,
        "kind": str(case.kind),
        "status": str(case.status),
        "half": str(case.half),
    }
    if case.waiting_for is not None:
        evidence["waiting_for"] = str(case.waiting_for)
    if case.time_from is not None:
        evidence["from"] = clock(case.time_from)
    if case.time_to is not None:
        evidence["to"] = clock(case.time_to)
    if case.provisional:
        evidence["provisional"] = True
    if case.correction is not None:
        evidence["correction"] = str(case.correction)
    return evidence


def _terminal(terminal: TerminalFact) -> Evidence:
    return {
        "code": "terminal",
        "terminal": terminal.name,
        "mapped": terminal.is_mapped,
        "complete_up_to": terminal.complete_up_to,
        "clock_known": terminal.clock_known,
        "unresolved": terminal.unresolved,
        "traffic_low": terminal.traffic_low,
        "outage": terminal.outage,
    }
