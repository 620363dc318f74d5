"""The report of a case for people: what was recorded, by whom, when, and what follows from it, in two languages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from smartclause.engines.audit import AuditResult, Use
from smartclause.engines.case_view import CaseView, EventView, Rows, SignerView, SummaryRow, VerdictView
from smartclause.engines.prose_duties import DutyLines
from smartclause.engines.prose_names import Lang, Names, moment
from smartclause.engines.prose_reasons import Reasons
from smartclause.engines.prose_states import word
from smartclause.engines.prose_verdicts import Verdicts
from smartclause.engines.report_data import style_of
from smartclause.engines.report_words import note
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import Identity, canonical, instant
from smartclause.evidence.keys import KeyId
from smartclause.evidence.trust import Standing, record_of, standing
from smartclause.logic.canonical import digest_of_bytes
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.terms import Value
from smartclause.verbs.case_agreed import agreed_evidence
from smartclause.verbs.case_derived import COMPLETENESS, duty_name, event_name, use_name
from smartclause.verbs.case_disputed import Disputed
from smartclause.verbs.case_entries import CaseEntry
from smartclause.verbs.case_forms import Completeness
from smartclause.verbs.case_materials import Materials
from smartclause.verbs.case_witnesses import Stamped
from smartclause.verbs.holders import holders_of

STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.TRUSTED: ("valid key", "有效密钥"),
    Standing.LAPSED: ("key no longer valid", "密钥已失效"),
    Standing.COMPROMISED: ("key compromised", "密钥已失密"),
    Standing.UNKNOWN: ("key not known", "密钥不明"),
}
SUFFIXES = (".dsse.json", ".tlog-proof")
SETTLED = (DutyStatus.FULFILLED, DutyStatus.WAIVED, DutyStatus.VIOLATED, DutyStatus.CURED)


def view(
    materials: Materials, found: Disputed, contents: Mapping[str, bytes], stamps: tuple[Stamped, ...], lang: Lang
) -> CaseView:
    return _Pages(materials, found, contents, stamps, lang).view()


@dataclass(frozen=True)
class _Pages:
    materials: Materials
    found: Disputed
    contents: Mapping[str, bytes]
    stamps: tuple[Stamped, ...]
    lang: Lang

    def pick(self, en: str, zh: str) -> str:
        return zh if self.lang == "zh" else en

    @cached_property
    def names(self) -> Names:
        return Names(self.materials.bundle.lookup, self.lang)

    @cached_property
    def uses(self) -> Mapping[str, list[tuple[AuditResult, Use]]]:
        found: dict[str, list[tuple[AuditResult, Use]]] = {}
        for part, use in self.found.uses:
            found.setdefault(use.record.event.id, []).append((part, use))
        return found

    @cached_property
    def opened(self) -> Mapping[str, Mapping[str, object]]:
        """Facts that were withheld and are disclosed in the case, by event."""
        return {o.body.id: o.disclosed for o in self.materials.records().opened}

    def at(self, time: int) -> str:
        return moment(time, self.names.zone, self.lang)

    def view(self) -> CaseView:
        root = self.materials.bundle.root
        parts = [part for part, _ in self.found.uses] + [part for part, _ in self.found.duties]
        notes = dict.fromkeys(note(n.kind, n.detail, self.lang) for part in parts for n in part.notes)
        duties = tuple(self._duty(n, part, duty) for n, (part, duty) in enumerate(self.found.duties, 1))
        return CaseView(
            lang=self.lang,
            title=self.names.module(root.name),
            scope=self._scope(),
            rows=tuple(self._about()),
            parties=tuple(self._parties()),
            summary=(*self._acts(), *(SummaryRow(d.style, d.label, d.title, "duties") for d in duties)),
            notes=tuple(notes),
            duties=duties,
            events=tuple(self._events()),
            completeness=tuple(self._completeness()),
            inputs=(*self._digests(), *(parts[0].inputs if parts else ())),
            mark=digest_of_bytes(self.contents["case.json"]),
        )

    # ---- the case

    def _scope(self) -> str:
        scope = self.materials.case.scope
        if scope.act is not None:
            return self.pick(f"One recorded event: {scope.act}", f"一项记录的事件：{scope.act}")
        if scope.clause is not None:
            key = f" / {scope.key}" if scope.key else ""
            return self.pick(f"Duties under clause {scope.clause}{key}", f"条款{scope.clause}项下的义务{key}")
        if scope.subject is not None:
            return self.pick(f"Everything about {scope.subject}", f"与{scope.subject}有关的全部记录")
        since = "…" if scope.since is None else self.at(instant(scope.since))
        until = "…" if scope.until is None else self.at(instant(scope.until))
        return self.pick(f"Records from {since} to {until}", f"{since}至{until}的记录")

    def _about(self) -> Iterator[tuple[str, str]]:
        case, pick = self.materials.case, self.pick
        record = record_of(self.materials.store, case.exporter.key)
        named = case.exporter.identity
        who = pick("not in the trust list", "不在信任清单中") if record is None else self.names.who(record.party)
        yield pick("Exported by", "导出人"), f"{who} · {_legal(named)}" if named else who
        yield pick("Key of the exporter", "导出人密钥"), case.exporter.key
        yield pick("State of", "截至"), f"{self.at(self.materials.asked)} ({self.names.zone})"
        yield pick("Ledger read at", "账本读取时刻"), f"{self.at(self.materials.now)} ({self.names.zone})"
        count, covered = len(self.materials.entries), self.materials.covered
        yield (
            pick("Ledger", "账本"),
            pick(
                f"{case.ledger.id}: {count} entries, {covered} under a signed checkpoint",
                f"{case.ledger.id}：{count}条记录，其中{covered}条有签名检查点",
            ),
        )
        signed = (
            pick("signed by its root keys", "由其根密钥签署")
            if case.trust.signed
            else pick("the exporter's own list, signed by nobody", "导出人自己的清单，无人签署")
        )
        yield pick("Trust list", "信任清单"), f"{signed} · {case.trust.root}"
        agreed = agreed_evidence((self.materials.bundle, *self.materials.amendments))
        if agreed is not None:
            yield pick("Agreed keeping of evidence", "约定的证据保存方式"), pick(agreed.text.en, agreed.text.zh)
        yield pick("Program", "程序"), f"{case.version} · {case.engine}"

    def _parties(self) -> Iterator[SignerView]:
        """Of each contract: who signed, under which legal identity, and who did not."""
        for stated, bundle in self.materials.contracts:
            holders = holders_of(bundle, self.materials.store)
            signed = holders.contract_signers()
            title = f"{self.names.module(bundle.contract.module)} {bundle.root.version}"
            if holders.statement is None:
                none = self.pick("signed by nobody", "无人签署")
                yield SignerView(title, "", stated.document, none, "unsigned")
                continue
            for party in holders.statement.parties:
                has = party.party in signed
                state = self.pick("signed", "已签署") if has else self.pick("not signed", "未签署")
                who = f"{self.names.who(party.party)} · {title}"
                yield SignerView(who, _legal(party.identity), party.keys[0], state, "signed" if has else "unsigned")

    def _digests(self) -> Rows:
        case = self.materials.case
        return (
            ("case.json", digest_of_bytes(self.contents["case.json"])),
            (self.pick("contract", "合同"), case.contract.document),
            (self.pick("root of the ledger", "账本的根"), case.ledger.root),
            (self.pick("program", "程序"), case.engine),
        )

    # ---- verdicts

    def _acts(self) -> Iterator[SummaryRow]:
        for part, use in self.found.uses:
            title = f"{Names(part.lookup, self.lang).type(use.record.event.type)} · {self.at(use.record.instant)}"
            yield SummaryRow(use.decision.value, word(use.decision, self.lang), title, _anchor(use.record.event.index))

    def _use(self, part: AuditResult, use: Use) -> VerdictView:
        names = Names(part.lookup, self.lang)
        verdicts = Verdicts(names, part.world.by_id)
        first = self.pick("final", "终局") if use.judged.final else self.pick("provisional", "暂定")
        moved = (self.pick("time moved to its receipt", "时间按收到时刻认定"),) if use.moved else ()
        return VerdictView(
            use.decision.value,
            word(use.decision, self.lang),
            names.type(use.record.event.type),
            (first, *moved),
            tuple(line for _, v in use.judged.members for line in verdicts.explain(v)),
            tuple(Reasons(names).lines(use.judged.open)),
            f"{use_name(use)}.json",
        )

    def _duty(self, number: int, part: AuditResult, duty: Instance) -> VerdictView:
        names = Names(part.lookup, self.lang)
        lines = DutyLines(names)
        title = f"{names.clause(duty.clause, duty.sentence)}{self.pick(': ', '：')}{lines.owed(duty)}"
        missing = () if duty.status in SETTLED else tuple(Reasons(names).lines(duty.reasons))
        return VerdictView(
            style_of(duty.status),
            word(duty.status, self.lang),
            title,
            (lines.state(duty),),
            (),
            missing,
            f"{duty_name(number)}.json",
        )

    def _opened_or_answered(self, event: str) -> Iterator[VerdictView]:
        for number, (part, duty) in enumerate(self.found.duties, 1):
            if event in (duty.trigger, duty.answered):
                yield self._duty(number, part, duty)

    # ---- records

    def _events(self) -> Iterator[EventView]:
        for event in self.found.events:
            entries = self.materials.entries_of([event])
            yield self._event(entries)

    def _event(self, entries: tuple[CaseEntry, ...]) -> EventView:
        first = entries[0]
        body, uses = first.event, self.uses.get(first.event.id, [])
        return EventView(
            anchor=_anchor(first.index),
            title=self.names.type(body.type),
            rows=tuple(self._rows(entries)),
            facts=tuple(self._facts(body)),
            signers=tuple(self._signers(entries)),
            proof=tuple(self._proof(entries)),
            verdicts=(*(self._use(part, use) for part, use in uses), *self._opened_or_answered(body.id)),
            files=tuple(n for e in entries for s in SUFFIXES if (n := event_name(e) + s) in self.contents),
        )

    def _rows(self, entries: tuple[CaseEntry, ...]) -> Iterator[tuple[str, str]]:
        first, pick, zone = entries[0], self.pick, self.names.zone
        body = first.event
        yield pick("Number", "编号"), body.id
        yield pick("Claimed time", "自称时间"), f"{self.at(instant(body.time))} ({zone})"
        attested = "" if self.materials.keeper else pick(", attested by nobody", "，无人证明")
        yield pick("Received by the ledger", "账本收到时间"), f"{self.at(first.received)} ({zone}){attested}"
        for name, party in ((pick("By", "行为人"), body.by), (pick("To", "相对人"), body.to)):
            if party is not None:
                yield name, self.names.who(party)
        if body.asset is not None:
            yield pick("Asset", "资产"), body.asset
        yield pick("Contract", "合同"), body.contract
        yield pick("Number in its issuer's sequence", "发出人序列中的编号"), str(body.seq)
        yield pick("Digest of what was signed", "所签内容的摘要"), first.body
        for other in entries[1:]:
            kinds = {
                "equivocation": pick("Other content under the same number", "同一编号的不同内容"),
                "cosignature": pick("Further signatures", "补充签名"),
            }
            label = kinds.get(other.kind, other.kind)
            yield (
                label,
                pick(
                    f"entry {other.index}, {self.at(other.received)}", f"第{other.index}条，{self.at(other.received)}"
                ),
            )

    def _facts(self, body: EventBody) -> Iterator[tuple[str, str]]:
        typed = self._typed(body.id)
        stated = json.loads(canonical(body))["facts"]
        for name in sorted(body.facts):
            kind = self.names.field_type(name, (body.type,))
            value = typed.get(name)
            said = self.names.value(value, kind) if value is not None else _raw(stated[name])
            if kind is not None and kind.shown_by:
                who = self.names.role_holder(kind.shown_by)
                said = self.pick(f"{said} (counts if {who} shows it)", f"{said}（须由{who}证明方可采信）")
            yield self.names.field(name, (body.type,)), said
        opened = self.opened.get(body.id, {})
        for name in sorted(opened):
            kind, value = self.names.field_type(name, (body.type,)), typed.get(name)
            said = self.names.value(value, kind) if value is not None else _raw(opened[name])
            told = self.pick(f"{said} (withheld, opened for this case)", f"{said}（原保留，为本案公开）")
            yield self.names.field(name, (body.type,)), told
        left = len(body.sd) - len(opened)
        if left:
            yield self.pick("Withheld", "保留未披露"), self.pick(f"{left} of its facts", f"其中{left}项事实")

    def _typed(self, event: str) -> Mapping[str, Value]:
        """The facts as the contract reads them; empty for a record that it does not count."""
        for part in (*(p for p, _ in self.found.uses), *(p for p, _ in self.found.duties)):
            if event in part.world.by_id:
                return part.world.by_id[event].event.facts
        return {}

    def _signers(self, entries: Iterable[CaseEntry]) -> Iterator[SignerView]:
        for entry in entries:
            for key in self.materials.opened[entry.index].keys:
                yield self._signer(key, entry)

    def _signer(self, key: KeyId, entry: CaseEntry) -> SignerView:
        store = self.materials.store
        record = record_of(store, key)
        stands = standing(record, entry.received, entry.event.contract, store.issuers)
        if record is None:
            return SignerView(key, "", key, STANDINGS[stands][self.lang == "zh"], "unknown-key")
        who = self.names.who(record.party)
        style = "unknown-key" if stands is Standing.UNKNOWN else stands.value
        legal = "" if record.identity is None else _legal(record.identity)
        return SignerView(who, legal, key, STANDINGS[stands][self.lang == "zh"], style)

    def _proof(self, entries: tuple[CaseEntry, ...]) -> Iterator[str]:
        first, pick, covered = entries[0], self.pick, self.materials.covered
        count = len(self.materials.entries)
        yield pick(
            f"Entry {first.index} of {count}, counted from 0", f"共{count}条记录，自0编号，本条编号为{first.index}"
        )
        if first.index >= covered:
            yield pick("No signed checkpoint covers it: only its place here shows it.", "没有签名检查点覆盖该记录。")
            return
        record = record_of(self.materials.store, self.materials.case.ledger.key)
        keeper = "" if record is None else record.party
        yield pick(
            f"Under the checkpoint of {covered} entries, which {keeper} signed; the proof is in the case.",
            f"在{keeper}签署的{covered}条记录之检查点之下；证明在案卷中。",
        )
        shown = [s for s in self.stamps if s.stamp is not None and s.size > first.index]
        if shown:
            stamp = min(shown, key=lambda s: s.stamp.time if s.stamp else 0).stamp
            assert stamp is not None
            yield pick(
                f"It existed at {self.at(stamp.time)} at the latest, says {stamp.authority}.",
                f"{stamp.authority}证明其最迟在{self.at(stamp.time)}已经存在。",
            )

    # ---- completeness

    def _completeness(self) -> Iterator[tuple[str, ...]]:
        stated = Completeness.model_validate_json(self.contents[COMPLETENESS])
        for issuer in stated.issuers:
            gaps = [f"{g.first}-{g.last}" for g in issuer.gaps if not g.void]
            gaps += [f"{f.seq} ({self.pick('two records', '两项记录')})" for f in issuer.faults if f.defect == "fork"]
            yield (
                self.names.who(issuer.party) if issuer.party else issuer.key,
                f"{issuer.first}-{issuer.last}",
                ", ".join(gaps) or self.pick("none", "无"),
                self.at(instant(issuer.complete_to)) if issuer.complete_to else self.pick("not declared", "未声明"),
                self.at(instant(issuer.last_received)),
            )
        for key in stated.silent:
            record = record_of(self.materials.store, key)
            nothing = self.pick("nothing received", "未收到")
            who = key if record is None else self.names.who(record.party)
            yield who, nothing, "", self.pick("not declared", "未声明"), ""


def _anchor(index: int) -> str:
    return f"record-{index}"


SCHEMES = {"uscc": "USCC ", "lei": "LEI ", "did": "", "other": ""}


def _legal(identity: Identity) -> str:
    return f"{identity.name} ({SCHEMES[identity.scheme]}{identity.value})"


def _raw(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
